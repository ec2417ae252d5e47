using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Runtime;

using static Latecomer.Tests.Unit.Actors.ExternalCalls;

namespace Latecomer.Tests.Unit.Actors;

/// <summary>Runs that something else runs, such as Airflow: they mark, and say when they have processed.</summary>
public sealed class ExternalFacts
{
    private static readonly RunId First = RunId.Parse("scheduled__2024-01-02T00:00:00+00:00");
    private static readonly RunId Second = RunId.Parse("manual__2024-02-01T00:00:00+00:00");

    [Fact]
    public void A_pipeline_whose_work_is_external_makes_no_runs_and_takes_no_slots()
    {
        var day = External();
        day.Runs().ShouldBeEmpty();

        Mark(day, 2, First).Pin.Tables[SeedsDay.Devices].Version.ShouldBe(6);
        Processed(day, 2, First).ShouldBe(new MarkAsProcessedReply(day.Partition(2).LastProcessed!, Late: false));

        var run = day.Runs().ShouldHaveSingleItem();
        (run.Kind, run.State, run.RunId).ShouldBe((RunKind.External, RunState.Success, First));
        run.Tasks.Select(t => (t.TaskId, t.State, t.Try)).ShouldBe(
        [
            ("mark_partition_as_processing", TaskState.Success, 1), ("process_devices", TaskState.Success, 1), ("mark_partition_as_processed", TaskState.Success, 1),
        ]);
        day.World.Journal.Select(j => j.Entry).OfType<PipelineEntry.SlotQueued>().ShouldBeEmpty();
        day.World.Rows<TryRow>(Projections.Tries).Count.ShouldBe(3);
    }

    [Fact]
    public void Between_its_marks_a_run_is_known_to_hold_the_partition_and_to_work()
    {
        var day = External();
        var marked = Mark(day, 2, First);

        day.Partition(2).Hold.ShouldBe(new Hold(First, 1, marked.HoldNumber));
        day.World.Rows<PartitionRow>(Projections.Partitions).Single(p => p.Date == SeedsDay.Date(2)).HeldBy.ShouldBe(First);
        day.Run(2, RunKind.External).Tasks[1].State.ShouldBe(TaskState.Running);

        Processed(day, 2, First);
        day.Partition(2).Hold.ShouldBeNull();
    }

    [Fact]
    public void The_same_try_gets_the_same_pin_and_hold_and_a_newer_one_new_ones()
    {
        var day = External();
        var first = Mark(day, 2, First);
        day.LoadLate();

        Mark(day, 2, First).ShouldBe(first);
        var second = Mark(day, 2, First, number: 3);
        second.Pin.Tables[SeedsDay.Devices].Version.ShouldBe(8);
        second.HoldNumber.ShouldBeGreaterThan(first.HoldNumber);
        Mark(day, 2, First, number: 3).ShouldBe(second);
        Refused(AskMark(day, 2, First, number: 2)).ShouldBe("Try 3 of scheduled__2024-01-02T00:00:00+00:00 has marked 2024-01-02 already: try 2 is over.");

        Processed(day, 2, First);
        Mark(day, 2, First, number: 3).ShouldBe(second);
        day.Partition(2).LastProcessed.ShouldBe(second.Pin);
    }

    [Fact]
    public void While_another_run_holds_the_partition_a_mark_is_refused_at_once_and_nobody_else_waits()
    {
        var day = External();
        Mark(day, 2, First);

        Refused(AskMark(day, 2, Second)).ShouldBe("scheduled__2024-01-02T00:00:00+00:00 holds 2024-01-02 of devices_loader.");
        day.Runs().ShouldHaveSingleItem();
        Mark(day, 3, Second);
        Processed(day, 2, First);
        Mark(day, 2, Second);
    }

    [Fact]
    public void One_run_marks_at_a_time_and_in_the_order_in_which_they_ask()
    {
        var day = External();
        var run = day.World.RunActivity;
        day.World.RunActivity = (key, kind, input) => kind == ReadCommits.Kind ? null : run(key, kind, input);
        var requests = new[] { 5, 1, 3 }.Select(d => day.Begin(r => new PipelineMessage.MarkAsProcessing(r, SeedsDay.Date(d), First, 1))).ToList();
        day.World.Journal.Select(j => j.Entry).OfType<MarkingEntry.TurnGiven>().Select(t => t.Request.Date).ShouldBe([SeedsDay.Date(5)]);

        day.World.RunActivity = run;
        day.World.Settle();

        day.World.Journal.Select(j => j.Entry).OfType<MarkingEntry.TurnGiven>().Select(t => t.Request.Date).ShouldBe([SeedsDay.Date(5), SeedsDay.Date(1), SeedsDay.Date(3)]);
        requests.ShouldAllBe(r => day.World.Replies[r].Status == ReplyStatus.Ok);
        day.World.State<MarkingState>(ActorIds.Marking(SeedsDay.Loader)).Turn.ShouldBeNull();
    }

    [Fact]
    public void All_who_ask_for_the_same_mark_are_told()
    {
        var day = External();
        var requests = WhileLogCannotBeRead(day, () => Enumerable.Range(0, 3).Select(_ => BeginMark(day, 2, First)).ToList());

        requests.Select(r => day.World.Replies[r].Body).Distinct().ShouldHaveSingleItem().ShouldBeOfType<MarkAsProcessingReply>();
    }

    [Fact]
    public void A_newer_try_takes_the_place_of_one_whose_mark_is_under_way()
    {
        var day = External();
        var requests = WhileLogCannotBeRead(day, () => new[] { BeginMark(day, 2, First), BeginMark(day, 2, First, number: 2) }.ToList());

        Refused(day.World.Replies[requests[0]]).ShouldBe("Try 2 of scheduled__2024-01-02T00:00:00+00:00 marks now.");
        day.World.Replies[requests[1]].Status.ShouldBe(ReplyStatus.Ok);
        day.Partition(2).Hold.ShouldNotBeNull().MarkTry.ShouldBe(2);
        day.World.State<MarkingState>(ActorIds.Marking(SeedsDay.Loader)).Turn.ShouldBeNull();
    }

    [Fact]
    public void A_mark_whose_input_cannot_be_read_takes_nothing()
    {
        var day = External();
        var run = day.World.RunActivity;
        day.World.RunActivity = (key, kind, input) => kind == ReadCommits.Kind
            ? new CommitsRead(null, [], default, AtEnd: false, new TableProblem("CorruptCommit", "Commit 3 is broken."))
            : run(key, kind, input);
        var reply = AskMark(day, 2, First);
        (reply.Status, reply.Message).ShouldBe((ReplyStatus.Unavailable, "Commit 3 is broken. Nothing was marked; ask again, by another request id."));
        day.Partition(2).Section.ShouldBeNull();
        day.Partition(2).Hold.ShouldBeNull();
        day.Run(2, RunKind.External).State.ShouldBe(RunState.Failed);

        day.World.RunActivity = run;
        day.World.Advance(TimeSpan.FromMinutes(1));
        Mark(day, 2, First);
        day.Run(2, RunKind.External).State.ShouldBe(RunState.Running);
    }

    [Fact]
    public void Data_that_lands_after_the_mark_is_late_when_the_run_has_processed()
    {
        var day = External();
        Mark(day, 2, First);
        day.LoadLate();

        Processed(day, 2, First).Late.ShouldBeTrue();
        day.Late().ShouldBe([SeedsDay.Date(2)]);
        day.Partition(2).LastProcessed!.Tables[SeedsDay.Devices].Version.ShouldBe(6);
    }

    [Fact]
    public void Who_does_not_hold_the_partition_cannot_have_processed_it()
    {
        var day = External();
        Refused(AskProcessed(day, 2, First)).ShouldBe("No run has marked 2024-01-02T00:00:00Z of devices_loader as processing yet, and whether there is such a pipeline is seen then.");

        Mark(day, 2, Second);
        Refused(AskProcessed(day, 2, First)).ShouldBe(
            "scheduled__2024-01-02T00:00:00+00:00 does not hold 2024-01-02 of devices_loader: manual__2024-02-01T00:00:00+00:00 does.");
    }

    [Fact]
    public void Saying_again_that_it_was_processed_changes_nothing()
    {
        var day = External();
        Mark(day, 2, First);
        var said = Processed(day, 2, First);
        day.World.Journal.Clear();

        Processed(day, 2, First).ShouldBe(said);
        day.World.Journal.ShouldBeEmpty();
    }

    [Fact]
    public void A_try_whose_run_has_marked_again_has_not_processed_what_is_pinned_now()
    {
        var day = External();
        var first = Mark(day, 2, First);
        day.LoadLate();
        var second = Mark(day, 2, First, number: 2);

        Refused(AskProcessed(day, 2, First, first.HoldNumber)).ShouldStartWith($"{First} has marked again since hold {first.HoldNumber}");
        day.Partition(2).LastProcessed.ShouldBeNull();
        AskProcessed(day, 2, First, second.HoldNumber).Status.ShouldBe(ReplyStatus.Ok);
    }

    [Fact]
    public void Runs_of_ours_wait_for_one_that_is_not_and_go_on_after_it()
    {
        var day = new SeedsDay();
        day.RunFirstFive();
        Mark(day, 2, First);
        day.Ask(r => new PipelineMessage.Trigger(r, SeedsDay.Date(2)));
        day.Run(2, RunKind.Manual).Tasks[0].Note.ShouldBe($"waits for {First}, which holds the partition");
        day.Pipeline.Slots.ShouldBeEmpty();

        Processed(day, 2, First);
        day.Run(2, RunKind.Manual).State.ShouldBe(RunState.Success);
    }

    [Fact]
    public void A_run_that_is_not_ours_is_refused_while_one_of_ours_has_the_partition()
    {
        var day = new SeedsDay();
        day.RunFirstFive();
        day.Work = _ => null;
        day.Ask(r => new PipelineMessage.Trigger(r, SeedsDay.Date(2)));

        var ours = day.Run(2, RunKind.Manual).RunId;
        Refused(AskMark(day, 2, First)).ShouldBe($"{ours} holds 2024-01-02 of devices_loader.");
        Refused(AskMark(day, 2, ours)).ShouldBe($"{ours} is the id of a run of ours: mark under another.");
        Refused(AskMark(day, 4, RunId.Scheduled(SeedsDay.Date(4)))).ShouldContain("is the id of a run of ours");
    }

    [Fact]
    public void What_something_else_runs_is_neither_triggered_nor_cleared_here()
    {
        var day = External();
        Mark(day, 2, First);

        Refused(day.Ask(r => new PipelineMessage.Trigger(r, SeedsDay.Date(2)))).ShouldBe("The runs of devices_loader are made by something else: trigger them there.");
        Refused(day.Ask(r => Clear(r, run: null))).ShouldBe("The runs of devices_loader are made by something else: clear them there.");
        Refused(day.Ask(r => Clear(r, First))).ShouldBe($"{First} is run by something else: clear it there.");
        day.Partition(2).Hold.ShouldNotBeNull();
        day.Pipeline.Clears.ShouldBeEmpty();
        Refused(day.Ask(r => new PipelineMessage.Apply(r, day.Definition with { Work = new Work.BuiltIn("work", "sum", TablePath.Parse("summary")) })))
            .ShouldStartWith("'work' of devices_loader cannot change");
    }

    [Fact]
    public void Dates_and_pipelines_that_are_not_there_are_refused()
    {
        var day = new SeedsDay(d => d with { Work = new Work.External("process_devices") });
        AskMark(day, 2, First).Status.ShouldBe(ReplyStatus.NotFound);

        day.RunFirstFive();
        AskMark(day, 6, First).ShouldSatisfyAllConditions(
            r => r.Status.ShouldBe(ReplyStatus.InvalidArgument),
            r => r.Message.ShouldBe("2024-01-06T00:00:00Z is no execution date of devices_loader: they go daily from 2024-01-01 to 2024-01-05."));
    }

    private static PipelineMessage.Clear Clear(RequestId request, RunId? run) =>
        new(request, SeedsDay.Date(2), run, TaskId: null, Past: false, Future: false, Upstream: false, Downstream: false, DryRun: false);

    /// <summary>Does something while nobody is told versions, and lets all happen afterwards.</summary>
    private static List<RequestId> WhileLogCannotBeRead(SeedsDay day, Func<List<RequestId>> act)
    {
        var run = day.World.RunActivity;
        day.World.RunActivity = (key, kind, input) => kind == ReadCommits.Kind ? null : run(key, kind, input);
        var requests = act();
        requests[^1].ShouldSatisfyAllConditions(r => day.World.Replies.ShouldNotContainKey(r));
        day.World.RunActivity = run;
        day.World.Settle();
        return requests;
    }
}
