using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Tests.Unit.Actors;

/// <summary>Deleting a pipeline, and another of the same name.</summary>
public sealed class DeleteFacts
{
    private static readonly string[] OfPipelines =
    [
        Projections.Pipelines, Projections.Runs, Projections.Tries, Projections.Partitions, Projections.Late, Projections.Creations, Projections.Backfills,
    ];

    [Fact]
    public void Nothing_is_left_of_a_pipeline_but_its_tables_files_and_numbers()
    {
        var day = Busy();
        var number = day.Pipeline.ClearNumber;
        Delete(day);

        OfPipelines.ShouldAllBe(p => day.World.Keys(p, "").Count == 0);
        day.World.Keys(Projections.Tables).ShouldBeEmpty();
        day.Files.ShouldNotBeEmpty();
        day.Pipeline.ShouldBe(PipelineState.Empty with
        {
            ClearNumber = number,
            BackfillsMade = 1,
            LastTriggerAt = day.Pipeline.LastTriggerAt,
            Deletions = 1,
            Generation = 1,
        });
        day.Partition(2).ShouldSatisfyAllConditions(p => p.IsBlank.ShouldBeTrue(), p => p.HoldNumber.ShouldBeGreaterThan(0));
        day.World.State<MarkingState>(ActorIds.Marking(SeedsDay.Loader)).ShouldBe(MarkingState.Empty);
        day.World.State<BackfillState>(ActorIds.Backfill(SeedsDay.Loader)).ShouldSatisfyAllConditions(
            b => b.Definition.ShouldBeNull(), b => b.Late.IsEmpty.ShouldBeTrue(), b => b.Claims.ShouldBeEmpty(), b => b.Order.ShouldBe(DateOrder.Empty));
        day.World.State<WatcherState>(ActorIds.Watcher(SeedsDay.Devices)).ShouldSatisfyAllConditions(
            w => w.Subscriptions.ShouldBeEmpty(), w => w.TableId.ShouldBeNull(), w => w.Unacknowledged.ShouldBeEmpty());
        day.World.State<ConfigurationFolderState>(ActorIds.Folder(".")).Owner.ShouldBeNull();
        day.Ask(r => new PipelineMessage.Delete(r)).Status.ShouldBe(ReplyStatus.NotFound);
    }

    [Fact]
    public void A_pipeline_of_the_same_name_starts_anew_and_may_be_another()
    {
        var day = Busy();
        var holds = day.Partition(3).HoldNumber;
        Delete(day);
        day.Load("2024-01-02");
        day.Runs().ShouldBeEmpty();

        var other = day.Definition with { Start = SeedsDay.Date(2), End = SeedsDay.Date(4), ConfigurationFolder = "elsewhere" };
        day.Ask(r => new PipelineMessage.Apply(r, other)).Status.ShouldBe(ReplyStatus.Ok);

        day.Runs().Select(r => (r.Date, r.Kind, r.State)).ShouldBe(Enumerable.Range(2, 3).Select(d => (SeedsDay.Date(d), RunKind.Scheduled, RunState.Success)));
        day.Task(2, TaskKind.Mark).Try.ShouldBe(1);
        day.Partition(3).HoldNumber.ShouldBeGreaterThan(holds, "tables fence by it, over all that had the name");
        day.Partition(2).LastProcessed!.Tables[SeedsDay.Devices].Version.ShouldBe(day.Table.Version);
        day.Late().ShouldBeEmpty();
        day.World.Keys(Projections.Tries).ShouldAllBe(k => k.Contains("/000001-", StringComparison.Ordinal), "rows that were retired are not put again");

        day.Load("2024-01-03");
        day.Late().ShouldBe([SeedsDay.Date(3)]);
        day.Clear(4).Runs.ShouldBe(1);
        day.Runs().Count(r => r.Kind == RunKind.Backfill).ShouldBe(1);
        day.Files["backfilling_configuration_2024-01-04.json"].ShouldBe(["event_time=2024-01-03"]);
    }

    [Fact]
    public void It_is_refused_unless_the_pipeline_is_paused_and_nothing_is_active()
    {
        var day = new SeedsDay { Work = _ => null };
        day.Ask(r => new PipelineMessage.Apply(r, day.Definition)).Status.ShouldBe(ReplyStatus.Ok);
        Refused(day).ShouldBe("devices_loader is not paused: pause it, let its runs end or cancel them, and delete it then.");
        day.Ask(r => new PipelineMessage.Pause(r));
        Refused(day).ShouldStartWith("Runs of devices_loader are active: scheduled__2024-01-01T00:00:00Z, scheduled__2024-01-02T00:00:00Z");
        day.Run(1).State.ShouldBe(RunState.Running);

        foreach (var run in day.Pipeline.Slots)
        {
            day.AskPartition(run.Date.Start.Day, r => new PartitionMessage.CancelRun(r, run.Run)).Status.ShouldBe(ReplyStatus.Ok);
        }

        Delete(day);
    }

    [Fact]
    public void Runs_that_wait_go_with_it()
    {
        var day = new SeedsDay(d => d with { End = SeedsDay.Date(8) });
        day.RunFirstFive();
        day.Run(7).Tasks[(int)TaskKind.Sensor].State.ShouldBe(TaskState.UpForReschedule);
        day.Ask(r => new PipelineMessage.Pause(r));
        day.Ask(r => new PipelineMessage.Trigger(r, SeedsDay.Date(2))).Status.ShouldBe(ReplyStatus.Ok);
        Delete(day);
        OfPipelines.ShouldAllBe(p => day.World.Keys(p, "").Count == 0);

        day.Load("2024-01-08");
        day.Ask(r => new PipelineMessage.Apply(r, day.Definition)).Status.ShouldBe(ReplyStatus.Ok);
        day.Run(7).State.ShouldBe(RunState.Success);
        day.Runs().Count.ShouldBe(8);
    }

    [Fact]
    public void A_run_that_something_else_runs_stands_in_its_way()
    {
        var day = new SeedsDay(d => d with { Work = new Work.External("process") });
        day.Ask(r => new PipelineMessage.Apply(r, day.Definition, Paused: true));
        var run = RunId.Parse("airflow__3");
        day.Ask(r => new PipelineMessage.MarkAsProcessing(r, SeedsDay.Date(3), run, 1)).Status.ShouldBe(ReplyStatus.Ok);
        Refused(day).ShouldBe("devices_loader cannot be deleted: airflow__3 has marked 2024-01-03: let it end, or release it.");
        day.Pipeline.Deleting.ShouldBeNull();
        day.AskPartition(3, r => new PartitionMessage.MarkAsProcessed(r, run)).Status.ShouldBe(ReplyStatus.Ok);

        Delete(day);
        day.Ask(r => new PipelineMessage.Apply(r, day.Definition));
        day.Ask(r => new PipelineMessage.MarkAsProcessing(r, SeedsDay.Date(3), run, 1)).Status.ShouldBe(ReplyStatus.Ok);
        day.Runs().ShouldHaveSingleItem();
    }

    [Fact]
    public void While_it_is_deleted_others_are_refused()
    {
        var day = Busy();
        var (activities, held) = (day.World.RunActivity, true);
        day.World.RunActivity = (key, kind, input) => held && kind == ListRows.Kind ? null : activities(key, kind, input);
        var delete = day.Begin(r => new PipelineMessage.Delete(r));
        foreach (var message in new Func<RequestId, PipelineMessage>[]
        {
            r => new PipelineMessage.Delete(r), r => new PipelineMessage.Unpause(r), r => new PipelineMessage.Apply(r, day.Definition),
            r => new PipelineMessage.Trigger(r, SeedsDay.Date(2)), r => new PipelineMessage.MarkAsProcessing(r, SeedsDay.Date(2), RunId.Parse("other"), 1),
        })
        {
            day.Ask(message).ShouldSatisfyAllConditions(r => r.Status.ShouldBe(ReplyStatus.FailedPrecondition), r => r.Message.ShouldBe("devices_loader is being deleted."));
        }

        held = false;
        day.World.Settle();
        day.World.Replies[delete].Status.ShouldBe(ReplyStatus.Ok);
    }

    [Fact]
    public void Words_of_before_that_come_late_change_nothing_in_the_pipeline_that_has_the_name_now()
    {
        var day = Busy();
        var step = day.Partition(3).Runs[0].Step;
        Delete(day);
        var held = day.Work;
        day.Work = _ => null;
        day.Ask(r => new PipelineMessage.Apply(r, day.Definition)).Status.ShouldBe(ReplyStatus.Ok);
        var run = RunId.Scheduled(SeedsDay.Date(3));
        var before = day.Partition(3);
        for (var old = 0L; old <= step; old++)
        {
            day.World.Tell(ActorIds.Partition(SeedsDay.Loader, SeedsDay.Date(3)), new PartitionMessage.MarkTurn(run, old));
            day.World.Tell(ActorIds.Partition(SeedsDay.Loader, SeedsDay.Date(3)), new PartitionMessage.Pinned(run, old, SeedsDay.Devices, new TablePin("old", 1)));
            day.World.Tell(ActorIds.Partition(SeedsDay.Loader, SeedsDay.Date(3)), new PartitionMessage.CreationFailed(run, old, "of old"));
        }

        day.World.Settle();
        DurableJson.Write(day.Partition(3)).ShouldBe(DurableJson.Write(before));
        day.Work = held;
        day.World.Settle();
        day.Runs().ShouldAllBe(r => r.State == RunState.Success);
    }

    [Fact]
    public void A_table_that_another_pipeline_reads_is_followed_on()
    {
        var day = new SeedsDay();
        day.RunFirstFive();
        var second = PipelineName.Parse("second");
        var request = RequestId.Parse("apply-second");
        day.World.Tell(ActorIds.Pipeline(second), new PipelineMessage.Apply(request, day.Definition with { Name = second, ConfigurationFolder = "second" }));
        day.World.Settle();
        day.Ask(r => new PipelineMessage.Pause(r));
        Delete(day);

        day.LoadLate();
        day.World.Rows<PartitionRow>(Projections.Late).Select(r => (r.Pipeline, r.Date)).ShouldBe([(second, SeedsDay.Date(2)), (second, SeedsDay.Date(3))]);
        day.World.Rows<TableRow>(Projections.Tables).ShouldHaveSingleItem().Pipelines.ShouldBe([second]);
    }

    /// <summary>A pipeline with runs of all kinds, tries, a claim that was, a late date, and a backfill of a range; paused.</summary>
    private static SeedsDay Busy()
    {
        var day = new SeedsDay();
        day.RunFirstFive();
        day.LoadLate();
        day.Clear(3, future: true);
        day.Ask(r => new PipelineMessage.Trigger(r, SeedsDay.Date(1)));
        day.Ask(r => new PipelineMessage.CreateBackfill(r, new DateRange(SeedsDay.Date(1), SeedsDay.Date(2)), ReprocessBehavior.Completed, Backwards: false, 0, DryRun: false));
        day.Load("2024-01-04");
        day.Load("2024-01-20");
        day.Ask(r => new PipelineMessage.Pause(r)).Status.ShouldBe(ReplyStatus.Ok);
        day.Late().ShouldBe([SeedsDay.Date(4)]);
        return day;
    }

    private static void Delete(SeedsDay day)
    {
        var reply = day.Ask(r => new PipelineMessage.Delete(r));
        reply.Status.ShouldBe(ReplyStatus.Ok, reply.Message);
    }

    private static string Refused(SeedsDay day)
    {
        var reply = day.Ask(r => new PipelineMessage.Delete(r));
        reply.Status.ShouldBe(ReplyStatus.FailedPrecondition);
        return reply.Message!;
    }
}
