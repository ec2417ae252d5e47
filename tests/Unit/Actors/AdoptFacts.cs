using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Tests.Unit.Actors;

/// <summary>Taking over what was processed elsewhere.</summary>
public sealed class AdoptFacts
{
    private static readonly Pin AtVersion6 = At(6);

    private StateTableRead _states = new(Fault: null, Versions: null);

    [Fact]
    public void Dates_that_were_processed_elsewhere_get_no_runs_and_the_schedule_goes_on_after_them()
    {
        var day = Paused();

        Adopt(day, 3).ShouldBe(new AdoptReply(3, 0, SeedsDay.Date(4)));
        day.Runs().ShouldBeEmpty();
        day.Ask(r => new PipelineMessage.Unpause(r)).Status.ShouldBe(ReplyStatus.Ok);

        day.Runs().Select(r => (r.Date, r.State)).ShouldBe([(SeedsDay.Date(4), RunState.Success), (SeedsDay.Date(5), RunState.Success)]);
        day.Partition(3).ShouldSatisfyAllConditions(p => p.LastProcessed!.ToString().ShouldBe("devices@6"), p => p.LastProcessedBy.ShouldBeNull(), p => p.IsLate.ShouldBeFalse());
        day.Late().ShouldBeEmpty();
    }

    [Fact]
    public void What_came_after_the_version_is_late_and_what_came_before_is_not()
    {
        var day = Paused();
        day.LoadLate();

        Adopt(day, 5).ShouldBe(new AdoptReply(5, 2, SeedsDay.Date(6)));
        day.Late().ShouldBe([SeedsDay.Date(2), SeedsDay.Date(3)]);

        Adopt(day, 5, At(7)).ShouldBe(new AdoptReply(0, 1, SeedsDay.Date(6)));
        day.Late().ShouldBe([SeedsDay.Date(3)]);

        day.Load("2024-01-04");
        day.Late().ShouldBe([SeedsDay.Date(3), SeedsDay.Date(4)]);
    }

    [Fact]
    public void A_late_date_that_was_taken_over_is_backfilled_by_the_next_creation()
    {
        var day = Paused(d => d with { MinRows = 50 });
        day.LoadLate();
        Adopt(day, 4);
        day.Ask(r => new PipelineMessage.Unpause(r));

        day.Files["backfilling_configuration_2024-01-05.json"].ShouldBe(["event_time=2024-01-02", "event_time=2024-01-03"]);
        day.Runs().Select(r => (r.Date, r.Kind, r.State)).ShouldBe(
        [
            (SeedsDay.Date(2), RunKind.Backfill, RunState.Success), (SeedsDay.Date(3), RunKind.Backfill, RunState.Success), (SeedsDay.Date(5), RunKind.Scheduled, RunState.Success),
        ]);
        day.Late().ShouldBeEmpty();
        day.Partition(2).LastProcessedBy.ShouldBe(day.Run(2, RunKind.Backfill).RunId);
    }

    [Fact]
    public void A_late_date_that_was_taken_over_is_claimed_for_a_run_that_something_else_runs()
    {
        var day = Paused(d => d with { Work = new Work.External("process") });
        day.LoadLate();
        Adopt(day, 4);

        var created = day.Ask(r => new PipelineMessage.CreateFromLate(r, SeedsDay.Date(5), RunId.Parse("airflow__5"), 1));
        ((CreateFromLateReply)created.Body!).Partitions.Select(p => p.Date).ShouldBe([SeedsDay.Date(2), SeedsDay.Date(3)]);
        var marked = day.Ask(r => new PipelineMessage.MarkAsProcessing(r, SeedsDay.Date(2), RunId.Parse("airflow__2"), 1));
        ((MarkAsProcessingReply)marked.Body!).Backfill.ShouldBeTrue();
        day.AskPartition(2, r => new PartitionMessage.MarkAsProcessed(r, RunId.Parse("airflow__2"))).Status.ShouldBe(ReplyStatus.Ok);
        day.Late().ShouldBe([SeedsDay.Date(3)]);
    }

    [Fact]
    public void A_clear_passes_over_what_was_taken_over_and_one_of_nothing_else_says_what_to_do()
    {
        var day = Paused();
        Adopt(day, 3);
        day.Ask(r => new PipelineMessage.Unpause(r));

        day.Clear(5, past: true, dryRun: true).ShouldSatisfyAllConditions(c => c.Runs.ShouldBe(2), c => c.From.ShouldBe(SeedsDay.Date(4)));
        day.Clear(5, past: true).Runs.ShouldBe(2);
        day.Clear(2, future: true).ShouldSatisfyAllConditions(c => c.Runs.ShouldBe(2), c => (c.From, c.To).ShouldBe((SeedsDay.Date(4), SeedsDay.Date(5))));
        day.Ask(r => new PipelineMessage.Clear(r, SeedsDay.Date(3), Run: null, TaskId: null, Past: true, Future: false, Upstream: false, Downstream: false, DryRun: false))
            .ShouldSatisfyAllConditions(
                r => r.Status.ShouldBe(ReplyStatus.FailedPrecondition),
                r => r.Message.ShouldBe("devices_loader has no scheduled run of 2024-01-03: what was processed elsewhere up to 2024-01-03 was taken over. To process 2024-01-03 here, trigger a run of it."));

        day.Ask(r => new PipelineMessage.Trigger(r, SeedsDay.Date(3))).Status.ShouldBe(ReplyStatus.Ok);
        day.Run(3, RunKind.Manual).State.ShouldBe(RunState.Success);
        day.Clear(3, run: day.Run(3, RunKind.Manual).RunId).Runs.ShouldBe(1);
        day.Runs().ShouldAllBe(r => r.State == RunState.Success);
    }

    [Fact]
    public void A_table_of_states_says_the_version_of_each_date_and_what_it_leaves_out_is_not_processed()
    {
        _states = Table((1, 6), (2, 7), (4, 2));
        var day = Paused();
        day.LoadLate();

        AdoptTable(day).Body.ShouldBe(new AdoptReply(3, 1, SeedsDay.Date(5)));
        day.Late().ShouldBe([SeedsDay.Date(4)]);
        day.Partition(2).LastProcessed!.ToString().ShouldBe("devices@7");
        day.Partition(3).LastProcessed.ShouldBeNull();

        day.Ask(r => new PipelineMessage.Unpause(r));
        day.Ask(r => new PipelineMessage.CreateBackfill(r, new DateRange(SeedsDay.Date(1), SeedsDay.Date(4)), ReprocessBehavior.None, Backwards: false, 0, DryRun: false));
        day.Runs().Where(r => r.Kind == RunKind.Backfill).Select(r => r.Date).ShouldBe([SeedsDay.Date(3), SeedsDay.Date(4)]);
    }

    [Fact]
    public void A_dry_run_says_what_would_be_and_changes_nothing()
    {
        var day = Paused();
        day.LoadLate();
        var dry = day.Ask(r => new PipelineMessage.Adopt(r, SeedsDay.Date(5), AtVersion6, StateTable: null, DryRun: true));

        dry.Body.ShouldBe(new AdoptReply(5, 2, SeedsDay.Date(6)));
        day.Late().ShouldBeEmpty();
        (day.Pipeline.NextDate, day.Pipeline.AdoptedThrough).ShouldBe((SeedsDay.Date(1), null));
        day.Partition(1).LastProcessed.ShouldBeNull();
    }

    [Fact]
    public void What_cannot_be_is_refused_whole_and_changes_nothing()
    {
        var day = Paused();
        Refused(day, SeedsDay.Date(5), At(9)).ShouldBe("devices has no version 9: its newest is 6. Nothing was taken over.");
        Refused(day, LogicalDate.Parse("2023-12-31"), AtVersion6).ShouldBe("2023-12-31T00:00:00Z is no execution date of devices_loader: they go daily from 2024-01-01 to 2024-01-05.");
        Refused(day, SeedsDay.Date(3), Pin.None.With(SeedsDay.Devices, new TablePin("another", 6))).ShouldStartWith("devices is table table-1, not another");
        Refused(day, SeedsDay.Date(3), Pin.None).ShouldStartWith("At which version of devices is missing");
        Refused(day, SeedsDay.Date(3), AtVersion6.With(TablePath.Parse("other"), new TablePin("", 1))).ShouldStartWith("devices_loader does not read other");

        _states = new StateTableRead("The table of states states has a column count long.", Versions: null);
        AdoptTable(day).Message.ShouldBe(_states.Fault);
        _states = Table((1, 6), (2, 12));
        AdoptTable(day).Message.ShouldBe("devices has no version 12: its newest is 6. Nothing was taken over.");

        day.Ask(r => new PipelineMessage.Trigger(r, SeedsDay.Date(2)));
        Refused(day, SeedsDay.Date(3), AtVersion6).ShouldStartWith("2024-01-02 cannot be taken over: manual__");
        day.World.Rows<PartitionRow>(Projections.Partitions).ShouldAllBe(p => p.LastProcessed == null);
        (day.Pipeline.Adopting, day.Pipeline.NextDate).ShouldBe((null, SeedsDay.Date(1)));
    }

    [Fact]
    public void Once_scheduled_runs_were_made_nothing_is_taken_over()
    {
        var day = new SeedsDay();
        day.RunFirstFive();
        Refused(day, SeedsDay.Date(3), AtVersion6).ShouldStartWith("devices_loader has runs already, the first of 2024-01-01");
    }

    [Fact]
    public void What_is_told_before_the_tables_were_passed_on_waits_for_them_and_keeps_runs_waiting()
    {
        var day = new SeedsDay { States = Read };
        var apply = RequestId.Parse("apply");
        var adopt = RequestId.Parse("adopt");
        var (activities, held) = (day.World.RunActivity, true);
        day.World.RunActivity = (key, kind, input) => held && kind == ReadBaseline.Kind ? null : activities(key, kind, input);
        day.World.Tell(ActorIds.Pipeline(SeedsDay.Loader), new PipelineMessage.Apply(apply, day.Definition));
        day.World.Settle();
        day.World.Tell(ActorIds.Pipeline(SeedsDay.Loader), new PipelineMessage.Adopt(adopt, SeedsDay.Date(4), AtVersion6, StateTable: null, DryRun: false));
        day.World.Settle();
        day.World.Replies.ShouldNotContainKey(adopt);

        held = false;
        day.World.Settle();
        day.World.Replies[adopt].Body.ShouldBe(new AdoptReply(4, 0, SeedsDay.Date(5)));
        day.Runs().Select(r => r.Date).ShouldBe([SeedsDay.Date(5)]);
    }

    [Fact]
    public void A_long_stretch_is_taken_over_page_by_page()
    {
        var day = Paused(d => d with { Schedule = Schedule.Hourly, End = null, Inputs = [d.Primary with { Format = "yyyy-MM-dd-HH" }] });
        var adopted = (AdoptReply)day.Ask(r => new PipelineMessage.Adopt(r, LogicalDate.Parse("2024-02-29T23:00:00Z"), AtVersion6, StateTable: null, DryRun: false)).Body!;
        (adopted.Adopted, adopted.NextDate).ShouldBe((60 * 24, LogicalDate.Parse("2024-03-01")));
    }

    [Fact]
    public void Versions_by_date_are_read_as_they_were_written()
    {
        (LogicalDate, long)[] versions = [(SeedsDay.Date(1), 6), (SeedsDay.Date(2), 6), (SeedsDay.Date(3), 100_000_000_000), (SeedsDay.Date(7), 0), (SeedsDay.Date(8), 1), (SeedsDay.Date(20), 300)];
        AdoptedVersions.Of(versions, Schedule.Daily).Dates(Schedule.Daily).ShouldBe(versions);
    }

    private static Pin At(long version) => Pin.None.With(SeedsDay.Devices, new TablePin("", version));

    private static StateTableRead Table(params (int Day, long Version)[] rows) =>
        new(Fault: null, AdoptedVersions.Of([.. rows.Select(r => (SeedsDay.Date(r.Day), r.Version))], Schedule.Daily));

    private StateTableRead Read(ReadStateTable read) => _states;

    private SeedsDay Paused(Func<PipelineDefinition, PipelineDefinition>? change = null)
    {
        var day = new SeedsDay(change) { States = Read };
        day.Ask(r => new PipelineMessage.Apply(r, day.Definition, Paused: true)).Status.ShouldBe(ReplyStatus.Ok);
        day.Pipeline.Paused.ShouldBeTrue();
        return day;
    }

    private static AdoptReply Adopt(SeedsDay day, int through, Pin? pin = null)
    {
        var reply = day.Ask(r => new PipelineMessage.Adopt(r, SeedsDay.Date(through), pin ?? AtVersion6, StateTable: null, DryRun: false));
        reply.Status.ShouldBe(ReplyStatus.Ok, reply.Message);
        return (AdoptReply)reply.Body!;
    }

    private static RequestReply AdoptTable(SeedsDay day) =>
        day.Ask(r => new PipelineMessage.Adopt(r, Through: null, Pin.None, TablePath.Parse("states"), DryRun: false));

    private static string Refused(SeedsDay day, LogicalDate through, Pin pin)
    {
        var reply = day.Ask(r => new PipelineMessage.Adopt(r, through, pin, StateTable: null, DryRun: false));
        reply.Status.ShouldNotBe(ReplyStatus.Ok);
        return reply.Message!;
    }
}
