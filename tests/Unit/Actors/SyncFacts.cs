using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Tests.Unit.Actors;

/// <summary>Callers that want a table's changes to be known to all.</summary>
public sealed class SyncFacts
{
    private static readonly ActorId Watcher = ActorIds.Watcher(SeedsDay.Devices);

    [Fact]
    public void It_is_answered_with_the_newest_version_once_all_of_it_is_acknowledged()
    {
        var day = new SeedsDay();
        day.RunFirstFive();
        day.Table.Commit("2024-01-02", "2024-01-03");
        day.World.Tell(Watcher, new WatcherMessage.Sync(Request("sync")));
        day.World.Settle();

        day.World.Replies[Request("sync")].Body.ShouldBe(new SyncReply(7));
        day.World.State<WatcherState>(Watcher).Unacknowledged.ShouldBeEmpty();
        day.Late().ShouldBe([SeedsDay.Date(2), SeedsDay.Date(3)]);
    }

    [Fact]
    public void Several_that_ask_at_once_are_each_answered_once()
    {
        var day = new SeedsDay();
        day.RunFirstFive();
        foreach (var id in new[] { "a", "b", "c" })
        {
            day.World.Tell(Watcher, new WatcherMessage.Sync(Request(id)));
        }

        day.World.Settle();
        new[] { "a", "b", "c" }.ShouldAllBe(id => day.World.Replies[Request(id)].Status == ReplyStatus.Ok);
        var state = day.World.State<WatcherState>(Watcher);
        (state.Waiting.IsEmpty, state.Syncs.IsEmpty).ShouldBe((true, true));
    }

    [Fact]
    public void One_that_has_stopped_looks_at_once_and_says_why_it_cannot_follow()
    {
        var day = new SeedsDay();
        day.RunFirstFive();
        day.Table.Problem = new TableProblem("Gap", "Version 7 is missing: restore it.");
        day.World.Tell(Watcher, new WatcherMessage.Sync(Request("first")));
        day.World.Settle();
        (day.World.Replies[Request("first")].Status, day.World.Replies[Request("first")].Message).ShouldBe((ReplyStatus.FailedPrecondition, "Version 7 is missing: restore it."));

        day.Table.Problem = null;
        day.World.Tell(Watcher, new WatcherMessage.Sync(Request("second")));
        day.World.Settle();
        day.World.Replies[Request("second")].Status.ShouldBe(ReplyStatus.Ok);
        day.World.State<WatcherState>(Watcher).Problem.ShouldBeNull();
    }

    [Fact]
    public void Of_a_table_that_no_pipeline_reads_there_is_nobody_to_tell()
    {
        var day = new SeedsDay();
        day.World.Tell(ActorIds.Watcher(TablePath.Parse("nobodys")), new WatcherMessage.Sync(Request("sync")));
        day.World.Settle();
        day.World.Replies[Request("sync")].Status.ShouldBe(ReplyStatus.NotFound);
    }

    private static RequestId Request(string id) => RequestId.Parse(id);
}
