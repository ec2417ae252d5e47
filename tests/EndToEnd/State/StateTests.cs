using System.Text.Json.Nodes;
using Latecomer.Tests.EndToEnd.Days;
using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.EndToEnd.Tables;

namespace Latecomer.Tests.EndToEnd.State;

/// <summary>The state, copied to a file while a node runs, and taken back where the tables are newer than it.</summary>
public sealed class StateTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_state_that_is_older_than_the_tables_catches_up_and_does_the_work_again(bool isShared)
    {
        await using var state = await StateUnderTest.New(isShared);
        await new SeedsDay(state.Data).LoadOnTime();
        await using (var node = await state.Start())
        {
            var before = Play(new SeedsDay(state.Data), node);
            await before.Apply();
            (await state.Save()).Succeeded();
            (await state.Save()).Refused(1, "exists already");
            GoldenState.Keep(state);
            await before.LoadLate();
            await before.ClearAndFollow();
            (await state.Restore()).ExitCode.ShouldBe(isShared ? 1 : 4, "the state in use is not overwritten");
            await node.Stop();
        }

        await state.Lose();
        (await state.Restore()).Succeeded();
        var day = new SeedsDay(state.Data);
        await using var again = await state.Start();
        await Late(again);
        await Play(day, again).ClearAndFollow();

        // What was done after the backup is done again: more commits, but of each partition only what its last run wrote.
        var summary = new TableLog(day.Summary);
        summary.DataCommits.Count.ShouldBe(5 + 4 + 4);
        summary.ActiveFiles().Select(f => f.Partition).Order().ShouldBe(Scenario.Dates);
        Outcome.RunsShouldBe(await again.Api.Runs(SeedsDay.Pipeline), Scenario.Clear03);
        Outcome.FilesShouldBe(day, Scenario.Clear03);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_that_is_no_backup_or_was_cut_is_refused_and_leaves_nothing(bool isShared)
    {
        await using var state = await StateUnderTest.New(isShared);
        await using (var node = await state.Start())
        {
            (await state.Save(Path.Combine(state.Data, "none", "backup"))).Refused(1, "cannot be written", "no folder");
            var both = await Task.WhenAll(state.Save(), state.Save());
            both.Count(saved => saved.ExitCode == 0).ShouldBe(1, string.Join('\n', both.Select(saved => saved.Errors)));
            both.Single(saved => saved.ExitCode != 0).Refused(1);
            Directory.EnumerateFiles(Path.GetDirectoryName(state.Backup)!, "*.unfinished").ShouldBeEmpty();
            await node.Stop();
        }

        await state.Lose();
        var cut = $"{state.Backup}.cut";
        await File.WriteAllBytesAsync(cut, File.ReadAllBytes(state.Backup)[..^16]);
        (await state.Restore(cut)).Refused(1);
        await File.WriteAllTextAsync(cut, "something else\n");
        (await state.Restore(cut)).Refused(1);
        (await state.Restore(cut + ".none")).Refused(1, "There is no file");
        (await state.Restore()).Succeeded();
    }

    /// <summary>What an older build left is opened by this one, which goes on with it.</summary>
    [Theory]
    [MemberData(nameof(GoldenState.All), MemberType = typeof(GoldenState))]
    public async Task What_an_older_build_left_goes_on(string golden, bool isShared)
    {
        await using var state = await StateUnderTest.New(isShared);
        await GoldenState.Copy(golden, state);
        await using var node = await state.Start();
        (await node.Api.Runs(SeedsDay.Pipeline)).Count(r => r.HasSucceeded).ShouldBe(5);
        var day = Play(new SeedsDay(state.Data), node);
        await day.LoadLate();
        await day.ClearAndFollow();
        Outcome.RunsShouldBe(await node.Api.Runs(SeedsDay.Pipeline), Scenario.Clear03);
    }

    private static DayByApi Play(SeedsDay day, NodeProcess node) => new(day, Scenario.Clear03, node.Api.Call);

    private static Task Late(NodeProcess node) => Waiting.For("two late partitions, by the log", async () =>
    {
        var late = await node.Api.Call("Partitions/List", new JsonObject { ["pipeline"] = SeedsDay.Pipeline, ["late"] = true });
        return (late["partitions"]?.AsArray() ?? []).Count == 2 ? "" : null;
    });
}
