using System.Globalization;
using System.Text.RegularExpressions;
using Latecomer.Tests.EndToEnd.Days;
using Latecomer.Tests.EndToEnd.Harness;

namespace Latecomer.Tests.EndToEnd.State;

/// <summary>Journal and history that are kept for a second only, while a day is played.</summary>
public sealed partial class RetentionTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_kept_for_a_second_is_removed_and_nothing_else_changes(bool isShared)
    {
        await using var state = await StateUnderTest.New(isShared);
        var day = new SeedsDay(state.Data);
        await day.LoadOnTime();
        await using (var node = await state.Start("--keep-journal", "1s", "--keep-history", "1s"))
        {
            await new DayByApi(day, Scenario.Clear03, node.Api.Call).Play();

            // 21 tasks were cleared: their first tries are history. So are the records of three commands: apply, a clear, and the clear that was only tried.
            await Waiting.Until("tries and records to be removed", () => Removed(node, history: true) >= 24, node.Process.Story);
            Removed(node, history: true).ShouldBe(24);
            Removed(node, history: false).ShouldBeGreaterThan(100);
            node.Process.Errors.Lines.ShouldNotContain(line => line.Contains("fault", StringComparison.Ordinal));
            await node.Stop();
        }

        await using var again = await state.Start();
        Outcome.RunsShouldBe(await again.Api.Runs(SeedsDay.Pipeline), Scenario.Clear03);
        Outcome.FilesShouldBe(day, Scenario.Clear03);
    }

    [Fact]
    public async Task A_time_that_is_too_short_or_none_is_refused()
    {
        (await Cli.Run("node", "--data", "nowhere", "--keep-replies", "5s")).Refused(2, "--keep-replies", "for a minute at least");
        (await Cli.Run("node", "--data", "nowhere", "--keep-journal", "never")).Refused(2, "--keep-journal", "'forever', not 'never'");
    }

    /// <summary>As the node's log adds up to.</summary>
    private static int Removed(NodeProcess node, bool history) => node.Process.Errors.Lines
        .Select(line => Counts().Match(line)).Where(m => m.Success)
        .Sum(m => int.Parse(m.Groups[history ? "history" : "entries"].ValueSpan, CultureInfo.InvariantCulture));

    [GeneratedRegex("removed what was kept long enough: [0-9]+ replies, (?<entries>[0-9]+) journal entries, (?<history>[0-9]+) rows of history", RegexOptions.ExplicitCapture)]
    private static partial Regex Counts();
}
