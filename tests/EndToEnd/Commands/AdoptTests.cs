using Latecomer.Tests.EndToEnd.Days;
using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.DeltaLog;

namespace Latecomer.Tests.EndToEnd.Commands;

/// <summary>The way from the seed to here, by the command line.</summary>
public sealed class AdoptTests : IDisposable
{
    private const int Failed = 1;
    private const int Usage = 2;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_the_seed_has_processed_is_taken_over_by_its_table_of_states()
    {
        var day = new SeedsDay(_folder.Path);
        await day.LoadOnTime();
        await day.Load(SeedsDay.LoadsOnTime);
        await StateTable.Append(
            Path.Combine(day.Dataset, "partitions-state"),
            [.. Enumerable.Range(1, 4).Select(d => ((string?)$"event_time=2024-01-0{d}", false, (long?)6)), ("event_time=2024-01-05", true, null)]);
        await using var node = await NodeProcess.Start(_folder.Path);
        (await node.Cli("pipelines", "apply", SeedsDay.PipelineFile, "--paused")).Succeeded();
        string[] adopt = ["pipelines", "adopt", SeedsDay.Pipeline, "--from-state-table", "partitions-state"];

        (await node.Cli([.. adopt, "--dry-run"])).Succeeded().Output.Trim().ShouldBe("4 dates of devices_loader would count as processed now, 1 would be late; the next run would be 2024-01-05");
        (await node.Cli(adopt)).Refused(Usage, "--yes");
        (await node.Cli("pipelines", "adopt", SeedsDay.Pipeline, "--processed-through", "2024-01-05", "--at-version", "12", "--yes")).Refused(Failed, "devices has no version 12");
        (await node.Cli([.. adopt, "--yes", "-o", "plain"])).Succeeded().Output.Trim().ShouldBe("4\t1\t2024-01-05");
        (await node.Cli("partitions", "list", SeedsDay.Pipeline, "--late", "-o", "plain")).Succeeded().Output.ShouldStartWith("2024-01-02\t");

        (await node.Cli("pipelines", "unpause", SeedsDay.Pipeline)).Succeeded();
        (await node.Cli("runs", "wait", SeedsDay.Pipeline, "--count", "2")).Succeeded();
        (await node.Cli("runs", "list", SeedsDay.Pipeline, "-o", "plain")).Succeeded().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('\t')[0])
            .Order(StringComparer.Ordinal).ShouldBe(["2024-01-02", "2024-01-05"]);
        (await node.Cli("runs", "clear", SeedsDay.Pipeline, "2024-01-01", "--yes")).Refused(Failed, "trigger a run of it");
    }
}
