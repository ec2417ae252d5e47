using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Tests.Unit.Actors;

/// <summary>Creation and claims: each late partition once, none twice.</summary>
public sealed class BackfillFacts
{
    private static readonly WorkReport Good = new(Note: null);

    [Fact]
    public void A_partition_that_is_claimed_is_not_claimed_again_while_its_backfill_runs()
    {
        var day = Late();
        day.Work = w => w.Run.Value.StartsWith("backfill", StringComparison.Ordinal) ? null : Good;
        day.Clear(4);
        day.Files["backfilling_configuration_2024-01-04.json"].ShouldBe(["event_time=2024-01-02", "event_time=2024-01-03"]);
        day.Clear(5);

        day.Files["backfilling_configuration_2024-01-05.json"].ShouldBeEmpty();
        day.Runs().Count(r => r.Kind == RunKind.Backfill).ShouldBe(2);
        day.Partition(2).Claim.ShouldNotBeNull().CreatedBy.ShouldBe(RunId.Scheduled(SeedsDay.Date(4)));
    }

    [Fact]
    public void A_partition_whose_own_run_is_about_to_process_it_is_not_claimed()
    {
        var day = Late();
        day.Work = w => w.Date == SeedsDay.Date(2) ? null : Good;
        day.Clear(2);
        day.Ask(r => new PipelineMessage.Trigger(r, SeedsDay.Date(4)));

        day.Files["backfilling_configuration_2024-01-04.json"].ShouldBe(["event_time=2024-01-03"]);
    }

    [Fact]
    public void A_backfill_that_fails_leaves_its_partition_late_and_claimable()
    {
        var day = Late();
        day.Work = w => w.Date == SeedsDay.Date(2) ? new InvalidOperationException("no") : Good;
        day.Clear(3);
        day.World.Advance(TimeSpan.FromHours(1));
        day.Run(2, RunKind.Backfill).State.ShouldBe(RunState.Failed);
        day.Partition(2).Claim.ShouldBeNull();
        day.Partition(2).FailedClaims.ShouldBe(1);

        day.Work = _ => Good;
        day.Clear(4);
        day.Run(2, RunKind.Backfill).State.ShouldBe(RunState.Success);
        day.Late().ShouldBeEmpty();
    }

    [Fact]
    public void After_three_failed_claims_a_person_has_to_approve()
    {
        var day = Late(d => d with { Retries = 0 });
        day.Work = w => w.Date == SeedsDay.Date(2) ? new InvalidOperationException("no") : Good;
        for (var i = 0; i < 4; i++)
        {
            day.Clear(4);
        }

        day.Runs().Count(r => r is { Kind: RunKind.Backfill } && r.Date == SeedsDay.Date(2)).ShouldBe(3);
        day.Files["backfilling_configuration_2024-01-04.json"].ShouldBeEmpty();
        day.Late().ShouldBe([SeedsDay.Date(2)]);
    }

    [Fact]
    public void A_claim_whose_creating_run_is_cleared_before_it_triggered_is_released()
    {
        var day = Late();
        var run = day.World.RunActivity;
        day.World.RunActivity = (key, kind, input) => kind == WriteConfiguration.Kind ? null : run(key, kind, input);
        day.Clear(4);
        day.Partition(2).Claim.ShouldNotBeNull();

        day.Clear(4);
        day.World.RunActivity = run;
        day.World.Settle();

        day.Runs().Count(r => r.Kind == RunKind.Backfill).ShouldBe(2);
        day.Runs().ShouldAllBe(r => r.State == RunState.Success);
        day.Partition(2).Claim.ShouldBeNull();
    }

    [Fact]
    public void A_creation_whose_file_cannot_be_written_claims_nothing_and_is_tried_again()
    {
        var day = Late();
        var run = day.World.RunActivity;
        day.World.RunActivity = (key, kind, input) => kind == WriteConfiguration.Kind ? new IOException("the disk is full") : run(key, kind, input);
        day.Clear(4);
        day.Task(4, TaskKind.Creation).State.ShouldBe(TaskState.UpForRetry);
        day.Task(4, TaskKind.Creation).Note.ShouldBe("the disk is full");
        day.Partition(2).Claim.ShouldBeNull();

        day.World.RunActivity = run;
        day.World.Advance(TimeSpan.FromMinutes(1));

        day.Files["backfilling_configuration_2024-01-04.json"].Length.ShouldBe(2);
        day.Late().ShouldBeEmpty();
    }

    [Fact]
    public void Creations_follow_their_dates_and_one_that_failed_does_not_stop_the_next()
    {
        var day = new SeedsDay(d => d with { Retries = 0 })
        {
            Work = w => w.Date == SeedsDay.Date(2) ? new InvalidOperationException("no") : Good,
        };
        day.RunFirstFive();

        day.Run(2).State.ShouldBe(RunState.Failed);
        day.Task(2, TaskKind.Creation).State.ShouldBe(TaskState.UpstreamFailed);
        day.Run(5).State.ShouldBe(RunState.Success);
    }

    [Fact]
    public void Too_few_late_rows_are_not_collected_but_stay_late()
    {
        var day = Late(d => d with { MinRows = 101 });
        day.Clear(4);
        day.Files["backfilling_configuration_2024-01-04.json"].ShouldBeEmpty();
        day.Late().Count().ShouldBe(2);

        day.Load("2024-01-02");
        day.Clear(4);
        day.Files["backfilling_configuration_2024-01-04.json"].ShouldBe(["event_time=2024-01-02"]);
    }

    [Fact]
    public void What_is_late_beyond_the_lookback_is_not_collected_but_stays_late()
    {
        var day = Late(d => d with { Lookback = 1 });
        day.Clear(4);
        day.Files["backfilling_configuration_2024-01-04.json"].ShouldBe(["event_time=2024-01-03"]);
        day.Late().ShouldBeEmpty();

        day.Load("2024-01-02");
        day.Clear(4);
        day.Files["backfilling_configuration_2024-01-04.json"].ShouldBeEmpty();
        day.Late().ShouldBe([SeedsDay.Date(2)]);
    }

    [Fact]
    public void What_becomes_late_during_its_own_backfill_makes_one_more()
    {
        var day = Late();
        day.Work = w => w.Run.Value.StartsWith("backfill", StringComparison.Ordinal) ? null : Good;
        day.Clear(3);
        day.Load("2024-01-02");
        day.Work = _ => Good;
        day.World.Settle();
        day.Late().ShouldBe([SeedsDay.Date(2)]);

        day.Clear(4);
        day.Late().ShouldBeEmpty();
        day.Runs().Count(r => r.Kind == RunKind.Backfill).ShouldBe(2);
    }

    [Fact]
    public void Synced_comes_only_after_every_change_was_acknowledged()
    {
        var turns = new List<object>();
        var watcher = new DeltaLogWatcher();
        var state = WatcherState.Empty with
        {
            TableId = "table-1",
            Cursor = new LogCursor(7, 0),
            Syncs = [new PendingSync(ActorIds.Backfill(SeedsDay.Loader), 1, 7)],
            Unacknowledged = WatcherState.Empty.Unacknowledged.Add(6, 1).Add(7, 1).Add(8, 1),
        };
        foreach (var version in new[] { 7, 6 })
        {
            var turn = new Turn<WatcherState, WatcherEntry>(
                new TurnContext(ActorIds.Watcher(SeedsDay.Devices), Sender: null, DateTimeOffset.UnixEpoch, "test"), state, watcher.Apply);
            watcher.Handle(turn, new WatcherMessage.ChangeAcknowledged(version));
            state = turn.State;
            turns.AddRange(turn.Effects.Sends.Select(s => s.Message));
            turns.OfType<BackfillMessage.Synced>().Count().ShouldBe(version == 6 ? 1 : 0);
        }
    }

    private static SeedsDay Late(Func<PipelineDefinition, PipelineDefinition>? change = null)
    {
        var day = new SeedsDay(change);
        day.RunFirstFive();
        day.LoadLate();
        return day;
    }
}
