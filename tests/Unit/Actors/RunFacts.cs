using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Tests.Unit.Actors;

/// <summary>Slots, tries, clears, triggers, definitions.</summary>
public sealed class RunFacts
{
    private static readonly WorkReport Good = new(Note: null);

    [Fact]
    public void No_more_runs_hold_slots_than_allowed()
    {
        var day = new SeedsDay { Work = _ => null };
        day.RunFirstFive();

        day.Pipeline.Slots.Select(s => s.Date).ShouldBe([SeedsDay.Date(1), SeedsDay.Date(2), SeedsDay.Date(3)]);
    }

    [Fact]
    public void Backfills_take_no_more_than_their_share_and_alternate_with_live_runs()
    {
        var day = new SeedsDay(d => d with { MaxActiveRuns = 1, MaxActiveBackfills = 1 });
        day.RunFirstFive();
        day.LoadLate();
        day.Work = w => w.Date == SeedsDay.Date(1) ? null : Good;
        day.Clear(4);
        day.World.Journal.Clear();
        day.Clear(1);
        day.Ask(r => new PipelineMessage.Trigger(r, SeedsDay.Date(5)));
        day.Work = _ => Good;
        day.World.Settle();

        day.Runs().ShouldAllBe(r => r.State == RunState.Success);
        day.Pipeline.Slots.ShouldBeEmpty();
    }

    [Fact]
    public void When_both_kinds_wait_freed_slots_alternate()
    {
        var actor = new PipelineActor();
        var day = new SeedsDay(d => d with { MaxActiveRuns = 2, MaxActiveBackfills = 2 });
        SlotClaimant Claimant(RunKind kind, int number) => new(SeedsDay.Date(number), RunId.Parse($"{kind}-{number}"), kind, 1);
        var state = PipelineState.Empty with
        {
            Definition = day.Definition,
            NextDate = SeedsDay.Date(6),
            Slots = [Claimant(RunKind.Manual, 20), Claimant(RunKind.Manual, 21)],
            Queue = [Claimant(RunKind.Manual, 1), Claimant(RunKind.Manual, 2), Claimant(RunKind.Backfill, 3), Claimant(RunKind.Backfill, 4)],
        };
        var granted = new List<RunKind>();
        for (var i = 0; i < 4; i++)
        {
            var turn = new Turn<PipelineState, PipelineEntry>(
                new TurnContext(ActorIds.Pipeline(SeedsDay.Loader), Sender: null, DateTimeOffset.UnixEpoch, "test"), state, actor.Apply);
            actor.Handle(turn, new PipelineMessage.SlotReleased(state.Slots[0].Run));
            granted.AddRange(turn.Effects.Entries.OfType<PipelineEntry.SlotGranted>().Select(g => g.Claimant.Kind));
            state = turn.State;
        }

        granted.ShouldBe([RunKind.Backfill, RunKind.Manual, RunKind.Backfill, RunKind.Manual]);
    }

    [Fact]
    public void A_failed_work_is_tried_again_after_the_delay_on_the_same_pin()
    {
        var tries = 0;
        var day = new SeedsDay { Work = w => w.Date == SeedsDay.Date(3) && ++tries < 3 ? new InvalidOperationException("no luck") : Good };
        day.RunFirstFive();
        day.Task(3, TaskKind.Work).State.ShouldBe(TaskState.UpForRetry);
        day.Task(3, TaskKind.Work).Note.ShouldBe("no luck");

        day.World.Advance(TimeSpan.FromMinutes(2));

        day.Run(3).State.ShouldBe(RunState.Success);
        day.Task(3, TaskKind.Work).Try.ShouldBe(3);
        day.Works.Where(w => w.Date == SeedsDay.Date(3)).Select(w => w.IdempotencyKey).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public void A_run_whose_tries_are_used_up_fails_and_frees_its_partition_and_slot()
    {
        var day = new SeedsDay { Work = w => w.Date == SeedsDay.Date(3) ? new InvalidOperationException("no luck") : Good };
        day.RunFirstFive();
        day.World.Advance(TimeSpan.FromMinutes(10));

        day.Run(3).State.ShouldBe(RunState.Failed);
        day.Task(3, TaskKind.Work).Try.ShouldBe(4);
        day.Run(3).Tasks.Skip(3).ShouldAllBe(t => t.State == TaskState.UpstreamFailed);
        day.Partition(3).Hold.ShouldBeNull();
        day.Partition(3).LastProcessed.ShouldBeNull();
        day.Pipeline.Slots.ShouldBeEmpty();
    }

    [Fact]
    public void Clearing_a_run_that_works_stops_the_work_first_and_keeps_the_hold_until_then()
    {
        var day = new SeedsDay { Work = w => w.Date == SeedsDay.Date(3) ? null : Good };
        day.RunFirstFive();
        var work = day.World.Activities.Keys.Single(k => k.Id.StartsWith("work/", StringComparison.Ordinal));
        day.World.Tell(ActorIds.Pipeline(SeedsDay.Loader), new PipelineMessage.Clear(
            RequestId.Parse("clear"), SeedsDay.Date(3), Run: null, TaskId: null, Past: false, Future: false, Upstream: false, Downstream: false, DryRun: false));
        day.Work = _ => Good;
        day.World.Settle();

        day.World.Activities.ShouldNotContainKey(work);
        day.Run(3).State.ShouldBe(RunState.Success);
        day.Works.Single(w => w.Date == SeedsDay.Date(3)).HoldNumber.ShouldBe(day.Partition(3).HoldNumber);
        day.Task(3, TaskKind.Work).Try.ShouldBe(2);
    }

    [Fact]
    public void Clearing_keeps_the_old_tries_as_history()
    {
        var day = new SeedsDay();
        day.RunFirstFive();
        day.Clear(3);

        day.World.Rows<TryRow>(Projections.Tries).Count(t => t.Date == SeedsDay.Date(3) && t.TaskId == "process_devices").ShouldBe(2);
    }

    [Fact]
    public void A_try_is_history_once_another_has_begun_and_the_latest_never_is()
    {
        var day = new SeedsDay();
        day.RunFirstFive();
        day.World.Retired.ShouldBeEmpty();

        day.Clear(3, task: "backfill_creation_job");
        var run = $"devices_loader/{SeedsDay.Date(3)}/{day.Run(3).RunId}";
        day.World.Retired.ShouldBe([("tries", $"{run}/4/000001"), ("tries", $"{run}/5/000001"), ("tries", $"{run}/6/000001")]);
        day.Clear(3, task: "backfill_creation_job");
        day.World.Retired.ShouldContain(("tries", $"{run}/4/000002"));
        day.World.Retired.ShouldNotContain(("tries", $"{run}/4/000003"));
        day.World.Rows<TryRow>(Projections.Tries, $"{run}/4/").Count.ShouldBe(3);
    }

    [Theory]
    [InlineData("process_devices", 7)]
    [InlineData("backfill_creation_job", 3)]
    [InlineData("backfill_past_partitions", 1)]
    public void Tasks_under_the_hold_are_cleared_as_one(string task, int affected)
    {
        var day = new SeedsDay();
        day.RunFirstFive();

        day.Clear(3, task: task, dryRun: true).TaskInstances.ShouldBe(affected);
        day.Clear(3, task: task).TaskInstances.ShouldBe(affected);
        day.Run(3).State.ShouldBe(RunState.Success);
        day.Partition(3).Hold.ShouldBeNull();
    }

    [Fact]
    public void A_dry_run_changes_nothing()
    {
        var day = new SeedsDay();
        day.RunFirstFive();
        var before = day.World.Journal.Count;
        day.Clear(3, past: true, future: true, dryRun: true).TaskInstances.ShouldBe(35);

        day.World.Journal.Count.ShouldBe(before);
    }

    [Fact]
    public void Overlapping_clears_all_end_and_every_run_succeeds()
    {
        var day = new SeedsDay();
        day.RunFirstFive();
        day.LoadLate();
        for (var i = 1; i <= 5; i++)
        {
            day.World.Tell(ActorIds.Pipeline(SeedsDay.Loader), new PipelineMessage.Clear(
                RequestId.Parse($"clear-{i}"), SeedsDay.Date(i), Run: null, TaskId: null, Past: i % 2 == 0, Future: i % 2 == 1, false, false, false));
        }

        day.World.Settle();

        day.World.Replies.Values.ShouldAllBe(r => r.Status == ReplyStatus.Ok);
        day.Runs().ShouldAllBe(r => r.State == RunState.Success);
        day.Late().ShouldBeEmpty();
        day.Pipeline.Clears.ShouldBeEmpty();
    }

    [Fact]
    public void A_manual_run_is_cleared_by_its_id()
    {
        var day = new SeedsDay();
        day.RunFirstFive();
        var triggered = (TriggerReply)day.Ask(r => new PipelineMessage.Trigger(r, SeedsDay.Date(2))).Body!;
        day.Run(2, RunKind.Manual).State.ShouldBe(RunState.Success);
        triggered.Run.Value.ShouldStartWith("manual__");

        day.Clear(2, run: triggered.Run).Runs.ShouldBe(1);

        day.Works.Count(w => w.Run == triggered.Run).ShouldBe(2);
        day.Ask(r => Clear(r, SeedsDay.Date(2), RunId.Parse("manual__none"))).Status.ShouldBe(ReplyStatus.NotFound);
    }

    [Fact]
    public void What_cannot_be_cleared_or_triggered_is_refused_with_a_sentence()
    {
        var day = new SeedsDay();
        day.Ask(r => Clear(r, SeedsDay.Date(3))).Status.ShouldBe(ReplyStatus.NotFound);
        day.RunFirstFive();

        day.Ask(r => Clear(r, SeedsDay.Date(6))).Message.ShouldBe("devices_loader has no scheduled run of 2024-01-06.");
        day.Ask(r => Clear(r, SeedsDay.Date(3)) with { TaskId = "nothing" }).Message!.ShouldContain("process_devices");
        day.Ask(r => new PipelineMessage.Trigger(r, SeedsDay.Date(9))).Status.ShouldBe(ReplyStatus.InvalidArgument);
    }

    [Fact]
    public void A_folder_of_configuration_files_belongs_to_one_pipeline()
    {
        var day = new SeedsDay();
        day.RunFirstFive();
        var other = day.Definition with { Name = PipelineName.Parse("other") };
        var request = RequestId.Parse("other");
        day.World.Tell(ActorIds.Pipeline(other.Name), new PipelineMessage.Apply(request, other));
        day.World.Settle();

        day.World.Replies[request].Status.ShouldBe(ReplyStatus.FailedPrecondition);
        day.World.Replies[request].Message!.ShouldContain("devices_loader");
        day.World.Rows<PipelineRow>(Projections.Pipelines).Count.ShouldBe(1);
    }

    [Fact]
    public void A_definition_that_runs_keeps_its_fixed_parts()
    {
        var day = new SeedsDay();
        day.RunFirstFive();

        var before = day.World.Journal.Count;
        day.Ask(r => new PipelineMessage.Apply(r, day.Definition)).Body.ShouldBeOfType<ApplyReply>().Changed.ShouldBeFalse();
        day.World.Journal.Count.ShouldBe(before, "nothing happened");
        day.Ask(r => new PipelineMessage.Apply(r, day.Definition with { Schedule = Schedule.Hourly })).Status.ShouldBe(ReplyStatus.InvalidArgument);
        day.Ask(r => new PipelineMessage.Apply(r, day.Definition with { Start = SeedsDay.Date(2) })).Message!.ShouldContain("start");
        day.Ask(r => new PipelineMessage.Apply(r, day.Definition with { End = SeedsDay.Date(6), MaxActiveRuns = 5 })).Status.ShouldBe(ReplyStatus.Ok);
        day.World.Settle();
        day.Run(6).State.ShouldBe(RunState.Success);
    }

    [Fact]
    public void A_later_definition_is_checked_against_its_tables_too()
    {
        var day = new SeedsDay();
        day.RunFirstFive();
        var run = day.World.RunActivity;
        day.World.RunActivity = (key, kind, input) => kind == CheckPipeline.Kind ? new PipelineCheck("there is no program 'nothing'") : run(key, kind, input);

        day.Ask(r => new PipelineMessage.Apply(r, day.Definition with { Retries = 7 })).Message.ShouldBe("there is no program 'nothing'");
        day.Pipeline.Definition!.Retries.ShouldBe(3);
    }

    private static PipelineMessage.Clear Clear(RequestId request, LogicalDate date, RunId? run = null) =>
        new(request, date, run, TaskId: null, Past: false, Future: false, Upstream: false, Downstream: false, DryRun: false);
}
