using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Runtime;
using static Latecomer.Tests.Unit.Actors.ExternalCalls;

namespace Latecomer.Tests.Unit.Actors;

/// <summary>Claims of late partitions for runs that something else runs.</summary>
public sealed class ExternalCreationFacts
{
    private static readonly RunId Again = RunId.Parse("manual__2024-02-01T00:00:00+00:00");

    [Fact]
    public void A_creation_claims_what_is_late_before_its_date_and_writes_the_file()
    {
        var day = Late();
        var created = Create(day, 4, Run(4));

        created.Partitions.Select(p => (p.Date, p.Partition)).ShouldBe([(SeedsDay.Date(2), "event_time=2024-01-02"), (SeedsDay.Date(3), "event_time=2024-01-03")]);
        created.Partitions[0].Run.Value.ShouldStartWith("backfill_2024-01-02_from_2024-01-04_");
        created.File.ShouldBe("backfilling_configuration_2024-01-04.json");
        day.Files[created.File].ShouldBe(["event_time=2024-01-02", "event_time=2024-01-03"]);
        day.Partition(2).Claim.ShouldNotBeNull().Id.ShouldBe(created.ClaimId);
        day.Run(4, RunKind.External).Tasks.Select(t => (t.TaskId, t.State)).Last().ShouldBe(("backfill_creation_job", TaskState.Success));
        day.World.Rows<CreationRow>(Projections.Creations).Single(c => c.Date == SeedsDay.Date(4)).RunId.ShouldBe(Run(4));
        Create(day, 5, Run(5)).ShouldSatisfyAllConditions(c => c.Partitions.ShouldBeEmpty(), c => c.ClaimId.ShouldBeNull());
    }

    [Fact]
    public void Creations_wait_for_no_date_before_them()
    {
        var day = External();
        Create(day, 5, Run(5)).Partitions.ShouldBeEmpty();
        day.Files.ShouldContainKey("backfilling_configuration_2024-01-05.json");
    }

    [Fact]
    public void The_same_try_gets_the_same_claims_and_a_later_one_gives_those_up_first_that_no_run_has_marked()
    {
        var day = Late();
        var first = Create(day, 4, Run(4));
        var again = Create(day, 4, Run(4));
        (again.ClaimId, again.Partitions.SequenceEqual(first.Partitions)).ShouldBe((first.ClaimId, true));
        Mark(day, 2, Again).Backfill.ShouldBeTrue();

        var second = Create(day, 4, Run(4), number: 2);
        second.Partitions.Select(p => p.Date).ShouldBe([SeedsDay.Date(3)]);
        second.ClaimId.ShouldNotBe(first.ClaimId);
        day.Files[second.File].ShouldBe(["event_time=2024-01-03"]);
        day.Partition(2).Claim.ShouldNotBeNull().Run.ShouldBe(Again);
        day.Partition(3).FailedClaims.ShouldBe(0);
        Live(day).ShouldBe([(SeedsDay.Date(2), first.ClaimId!), (SeedsDay.Date(3), second.ClaimId!)]);
        Refused(AskCreation(day, 4, Run(4))).ShouldContain("try 1 is over");
    }

    [Fact]
    public void A_claim_is_over_once_the_run_that_marked_under_it_has_processed()
    {
        var day = Late();
        Create(day, 4, Run(4));
        Mark(day, 2, Again, number: 1).Backfill.ShouldBeTrue();
        Mark(day, 2, Again, number: 2).Backfill.ShouldBeTrue();
        Processed(day, 2, Again).Late.ShouldBeFalse();

        day.Partition(2).Claim.ShouldBeNull();
        day.Late().ShouldBe([SeedsDay.Date(3)]);
        Live(day).Select(c => c.Date).ShouldBe([SeedsDay.Date(3)]);
    }

    [Fact]
    public void A_run_that_is_released_has_failed_its_claim_and_three_of_those_need_approval()
    {
        var day = Late();
        for (var number = 1; number <= PartitionState.MostFailedClaims; number++)
        {
            Create(day, 3, Run(3), number).Partitions.ShouldHaveSingleItem();
            Mark(day, 2, Again, number);
            Release(day, 2, Again).Status.ShouldBe(ReplyStatus.Ok);
            day.Partition(2).FailedClaims.ShouldBe(number);
        }

        Create(day, 3, Run(3), 4).Partitions.ShouldBeEmpty();
        day.AskPartition(2, r => new PartitionMessage.Approve(r)).Body.ShouldBeOfType<PartitionRow>().NeedsApproval.ShouldBeFalse();
        Refused(day.AskPartition(2, r => new PartitionMessage.Approve(r))).ShouldBe("2024-01-02 of devices_loader needs no approval.");
        Create(day, 3, Run(3), 5).Partitions.ShouldHaveSingleItem();
    }

    [Fact]
    public void A_claim_that_nobody_marks_can_be_released_by_the_run_that_asked_for_it()
    {
        var day = Late();
        Create(day, 4, Run(4));
        Refused(Release(day, 2, Again)).ShouldBe($"{Again} does not hold 2024-01-02 of devices_loader: nobody does.");
        Release(day, 2, Run(4)).Body.ShouldBeOfType<PartitionRow>().ClaimId.ShouldBeNull();

        Live(day).Select(c => c.Date).ShouldBe([SeedsDay.Date(3)]);
        Create(day, 5, Run(5)).Partitions.Select(p => p.Date).ShouldBe([SeedsDay.Date(2)]);
    }

    [Fact]
    public void A_run_may_mark_and_process_before_the_creation_that_claimed_its_date_is_confirmed()
    {
        var day = Late();
        var run = day.World.RunActivity;
        day.World.RunActivity = (key, kind, input) => kind == WriteConfiguration.Kind ? null : run(key, kind, input);
        var creation = BeginCreation(day, 4, Run(4));
        Mark(day, 2, Again).Backfill.ShouldBeTrue();
        Processed(day, 2, Again);
        day.World.RunActivity = run;
        day.World.Settle();

        day.World.Replies[creation].Body.ShouldBeOfType<CreateFromLateReply>().Partitions.Length.ShouldBe(2);
        Live(day).Select(c => c.Date).ShouldBe([SeedsDay.Date(3)]);
        day.Late().ShouldBe([SeedsDay.Date(3)]);
    }

    [Fact]
    public void A_later_try_takes_over_the_creation_of_the_one_before()
    {
        var day = Late();
        var run = day.World.RunActivity;
        day.World.RunActivity = (key, kind, input) => kind == WriteConfiguration.Kind ? null : run(key, kind, input);
        var requests = new[] { 1, 2, 2 }.Select(number => BeginCreation(day, 4, Run(4), number)).ToList();
        day.World.RunActivity = run;
        day.World.Settle();

        Refused(day.World.Replies[requests[0]]).ShouldBe($"Try 2 of {Run(4)} creates now.");
        requests.Skip(1).ShouldAllBe(r => day.World.Replies[r].Status == ReplyStatus.Ok);
        Live(day).Length.ShouldBe(2);
    }

    [Fact]
    public void A_creation_whose_file_cannot_be_written_claims_nothing()
    {
        var day = Late();
        var run = day.World.RunActivity;
        day.World.RunActivity = (key, kind, input) => kind == WriteConfiguration.Kind ? new IOException("the disk is full") : run(key, kind, input);
        Refused(AskCreation(day, 4, Run(4))).ShouldBe("the disk is full");
        day.Partition(2).Claim.ShouldBeNull();
        Live(day).ShouldBeEmpty();

        day.World.RunActivity = run;
        Create(day, 4, Run(4)).Partitions.Length.ShouldBe(2);
    }

    [Fact]
    public void Lookback_and_least_rows_decide_what_is_claimed()
    {
        var near = Late(d => d with { Lookback = 1 });
        Create(near, 4, Run(4)).Partitions.Select(p => p.Date).ShouldBe([SeedsDay.Date(3)]);

        var many = Late(d => d with { MinRows = 101 });
        many.Load("2024-01-03");
        Create(many, 4, Run(4)).Partitions.Select(p => p.Date).ShouldBe([SeedsDay.Date(3)]);
        many.Late().Count().ShouldBe(2);
    }

    [Fact]
    public void A_run_of_ours_that_marks_a_claimed_date_does_what_the_claim_wants()
    {
        var day = new SeedsDay();
        day.RunFirstFive();
        day.LoadLate();
        Create(day, 4, Run(4)).Partitions.Length.ShouldBe(2);
        day.Ask(r => new PipelineMessage.Trigger(r, SeedsDay.Date(2)));

        day.Partition(2).Claim.ShouldBeNull();
        Live(day).Select(c => c.Date).ShouldBe([SeedsDay.Date(3)]);
    }

    [Fact]
    public void One_run_may_create_for_several_dates()
    {
        var day = Late();
        var run = day.World.RunActivity;
        day.World.RunActivity = (key, kind, input) => kind == WriteConfiguration.Kind ? null : run(key, kind, input);
        var requests = new[] { 3, 4, 5 }.Select(date => BeginCreation(day, date, Again)).ToList();
        day.World.RunActivity = run;
        day.World.Settle();

        requests.Select(r => day.World.Replies[r].Body.ShouldBeOfType<CreateFromLateReply>().Partitions.Length).ShouldBe([1, 1, 0]);
        Live(day).Length.ShouldBe(2);
    }

    [Fact]
    public void A_holder_that_died_is_released_and_those_who_wait_go_on()
    {
        var day = new SeedsDay();
        day.RunFirstFive();
        Mark(day, 2, Again);
        day.Ask(r => new PipelineMessage.Trigger(r, SeedsDay.Date(2)));
        var row = Release(day, 2, Again).Body.ShouldBeOfType<PartitionRow>();

        row.HeldBy.ShouldBeNull();
        day.Run(2, RunKind.External).State.ShouldBe(RunState.Failed);
        day.Run(2, RunKind.External).Tasks[1].Note.ShouldBe("released: it died");
        day.Run(2, RunKind.Manual).State.ShouldBe(RunState.Success);
        Refused(AskMark(day, 2, Again)).ShouldBe($"Try 1 of {Again} lost 2024-01-02: mark in a later try.");
        Refused(Release(day, 2, Again)).ShouldContain("does not hold");
        Mark(day, 2, Again, number: 2);
    }

    [Fact]
    public void A_run_of_ours_is_not_released()
    {
        var day = new SeedsDay { Work = _ => null };
        day.RunFirstFive();
        Refused(Release(day, 1, RunId.Scheduled(SeedsDay.Date(1)))).ShouldBe("scheduled__2024-01-01T00:00:00Z is a run of ours: cancel it.");
    }

    [Fact]
    public void What_is_dismissed_is_late_no_more_until_data_arrives_again()
    {
        var day = Late();
        var processed = day.Partition(2).LastProcessed;
        Dismiss(day, 2).Body.ShouldBeOfType<PartitionRow>().ShouldSatisfyAllConditions(
            row => row.Late.ShouldBeFalse(), row => row.LastProcessed.ShouldBe(processed), row => row.Inputs[SeedsDay.Devices].RowsSinceProcessed.ShouldBe(0));
        day.Late().ShouldBe([SeedsDay.Date(3)]);
        Create(day, 4, Run(4)).Partitions.Select(p => p.Date).ShouldBe([SeedsDay.Date(3)]);
        Refused(Dismiss(day, 2)).ShouldBe("2024-01-02 of devices_loader is not late.");
        Refused(Dismiss(day, 3)).ShouldBe($"A claim of {Run(4)} covers 2024-01-03 of devices_loader.");

        day.Load("2024-01-02");
        day.Late().ShouldContain(SeedsDay.Date(2));
        Mark(day, 2, Again);
        Refused(Dismiss(day, 2)).ShouldBe($"{Again} is about to process 2024-01-02 of devices_loader.");
    }

    private static RequestReply Dismiss(SeedsDay day, int date) => day.AskPartition(date, r => new PartitionMessage.Dismiss(r, "a test load"));

    private static (LogicalDate Date, string Id)[] Live(SeedsDay day) =>
        [.. day.World.State<BackfillState>(ActorIds.Backfill(SeedsDay.Loader)).Claims.Select(c => (c.Key, c.Value.ClaimId))];

    /// <summary>Five dates were processed by external runs, and two are late.</summary>
    private static SeedsDay Late(Func<PipelineDefinition, PipelineDefinition>? change = null)
    {
        var day = External(change);
        for (var date = 1; date <= 5; date++)
        {
            Mark(day, date, Run(date));
            Processed(day, date, Run(date));
        }

        day.LoadLate();
        return day;
    }
}
