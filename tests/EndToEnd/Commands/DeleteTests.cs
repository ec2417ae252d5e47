using Latecomer.Tests.EndToEnd.Days;
using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.EndToEnd.Commands;

/// <summary>Deleting a pipeline by the command line, and applying it again.</summary>
public sealed class DeleteTests : IDisposable
{
    private const int Failed = 1;
    private const int Usage = 2;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_pipeline_is_deleted_after_a_question_and_can_be_applied_again()
    {
        var day = new SeedsDay(_folder.Path);
        await day.LoadOnTime();
        await using var node = await NodeProcess.Start(_folder.Path);
        await Run(node);
        (await node.Cli("pipelines", "delete", SeedsDay.Pipeline)).Refused(Usage, "--yes");
        (await node.Cli("pipelines", "delete", SeedsDay.Pipeline, "--yes")).Refused(Failed, "is not paused");

        (await node.Cli("pipelines", "pause", SeedsDay.Pipeline)).Succeeded();
        (await node.Cli("pipelines", "delete", SeedsDay.Pipeline, "--yes")).Succeeded().Output.ShouldContain("pipeline devices_loader deleted");
        (await node.Cli("pipelines", "list", "-o", "plain")).Succeeded().Output.ShouldBe("");
        (await node.Cli("runs", "list", SeedsDay.Pipeline)).Refused(Failed, "There is no pipeline devices_loader");
        Directory.Exists(day.Summary).ShouldBeTrue();

        await day.Load(SeedsDay.LoadsOnTime);
        await Run(node);
        (await node.Cli("partitions", "get", SeedsDay.Pipeline, "2024-01-02", "-o", "plain")).Succeeded().Output.ShouldContain("devices");
        (await node.Cli("partitions", "list", SeedsDay.Pipeline, "--late", "-o", "plain")).Succeeded().Output.ShouldBe("");
    }

    private static async Task Run(NodeProcess node)
    {
        (await node.Cli("pipelines", "apply", SeedsDay.PipelineFile)).Succeeded();
        (await node.Cli("runs", "wait", SeedsDay.Pipeline, "--count", "5")).Succeeded();
    }
}
