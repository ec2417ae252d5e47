using System.Text.Json.Nodes;
using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.EndToEnd.Tables;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.EndToEnd;

/// <summary>Looking into a table's log from the command line, without a node.</summary>
public sealed class TableCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_table_tells_its_commits_and_partitions()
    {
        var table = Path.Combine(_folder.Path, "devices");
        foreach (var day in new[] { "2024-01-01", "2024-01-02", "2024-01-01" })
        {
            (await Cli.Run("devices", "load", table, day, "--rows", "10")).Succeeded();
        }

        var document = (await Cli.Run("tables", "inspect", table, "-o", "json")).Succeeded().Json;
        ((string)document["outcome"]!).ShouldBe("ok");
        ((long)document["latestVersion"]!).ShouldBe(2);
        (await Cli.Run("tables", "inspect", table)).Succeeded().Output.ShouldContain("by event_time: 2 partitions");

        var lines = (await Cli.Run("tables", "commits", table, "--after", "0", "-o", "json")).Succeeded().Output.Split('\n').Select(line => JsonNode.Parse(line)!);
        lines.Select(line => ((long)line["version"]!, (string)line["partition"]!["event_time"]!, (long)line["added"]!["rows"]!))
            .ShouldBe([(1L, "2024-01-02", 10L), (2L, "2024-01-01", 10L)]);
        (await Cli.Run("tables", "commits", table)).Succeeded().Output.Split('\n').Length.ShouldBe(3);

        var partitions = (await Cli.Run("tables", "partitions", table, "-o", "json")).Succeeded().Json["partitions"]!.AsArray();
        partitions.Select(partition => ((string)partition!["partition"]!["event_time"]!, (long)partition["rows"]!, (long)partition["lastDataChange"]!))
            .ShouldBe([("2024-01-01", 20L, 2L), ("2024-01-02", 10L, 1L)]);
        (await Cli.Run("tables", "partitions", table)).Succeeded().Output.ShouldContain("event_time=2024-01-02");
    }

    [Fact]
    public async Task Partitions_are_listed_as_they_were_at_a_version_or_a_time()
    {
        var table = Path.Combine(_folder.Path, "devices");
        for (var day = 1; day <= 3; day++)
        {
            (await Cli.Run("devices", "load", table, $"2024-01-0{day}", "--rows", "10")).Succeeded();
            File.SetLastWriteTimeUtc(Path.Combine(table, "_delta_log", $"{day - 1:D20}.json"), new DateTime(2025, 5, day, 12, 0, 0, DateTimeKind.Utc));
        }

        (await VersionOf(table, "--version", "1")).ShouldBe(1);
        (await VersionOf(table, "--timestamp", "2025-05-02T23:59")).ShouldBe(1);
        (await VersionOf(table, "--timestamp", "2025-05-01T14:00:00.5+02:00")).ShouldBe(0);
        (await VersionOf(table, "--timestamp", "2025-05-03 12:00:00")).ShouldBe(2);
        (await Cli.Run("tables", "partitions", table, "--timestamp", "2025-05-01")).Refused(
            1, "before the first commit: the log reaches from 2025-05-01T12:00:00.000Z, version 0, to 2025-05-03T12:00:00.000Z, version 2");
        (await Cli.Run("tables", "partitions", table, "--timestamp", "2025-05-04", "-o", "json")).Json["error"]!["class"]!.ToString().ShouldBe("VersionNotFound");
        (await Cli.Run("tables", "partitions", table, "--timestamp", "yesterday")).Refused(2, "--timestamp is a time such as");
        (await Cli.Run("tables", "partitions", table, "--timestamp", "2025-05-02", "--version", "1")).Refused(2, "give one of them");
    }

    [Fact]
    public async Task Commits_are_shown_as_they_come_until_the_command_is_interrupted()
    {
        var folder = Path.Combine(_folder.Path, "small");
        var table = new SmallTable(folder, "day");
        await table.Append("2024-01-01");
        await using var text = ProgramProcess.Interruptible("tables", "commits", folder, "--follow");
        await using var json = ProgramProcess.Interruptible("tables", "commits", folder, "--follow", "-o", "json");
        await text.Line("version 0", line => line.StartsWith("     0  ", StringComparison.Ordinal));
        await json.Line("version 0", line => VersionOf(line) == 0);

        await table.Append("2024-01-02");
        var shown = await text.Line("version 1", line => line.StartsWith("     1  ", StringComparison.Ordinal));
        shown.ShouldContain("day=2024-01-02  +1 file 3 rows ");
        var added = JsonNode.Parse(await json.Line("version 1", line => VersionOf(line) == 1))!;
        ((string)added["partition"]!["day"]!, (long)added["added"]!["rows"]!).ShouldBe(("2024-01-02", 3L));

        await table.Empty("2024-01-01");
        (await text.Line("version 2", line => line.StartsWith("     2  ", StringComparison.Ordinal))).ShouldContain("day=2024-01-01  -1 file 3 rows ");
        var removed = JsonNode.Parse(await json.Line("version 2", line => VersionOf(line) == 2))!["removed"]!;
        ((long)removed["rows"]!, removed["filesWithoutRows"]).ShouldBe((3L, null));

        foreach (var process in new[] { text, json })
        {
            await process.Interrupt();
            (await process.Exit()).ShouldBe(130, process.Story());
            process.Output.Lines.Count.ShouldBe(3, process.Story());
            process.Errors.Text.ShouldBe("", process.Story());
        }
    }

    [Fact]
    public async Task A_checkpoint_is_written_once_and_the_table_stays_the_same()
    {
        var table = Path.Combine(_folder.Path, "devices");
        (await Cli.Run("devices", "load", table, "2024-01-01", "--rows", "10")).Succeeded();
        (await Cli.Run("devices", "load", table, "2024-01-02", "--rows", "10")).Succeeded();
        var before = (await Cli.Run("tables", "partitions", table, "-o", "json")).Succeeded().Json["partitions"]!.ToJsonString();

        (await Cli.Run("tables", "checkpoint", table)).Succeeded().Output.ShouldStartWith("version 1: 4 actions, 2 of them files, in 00000000000000000001.checkpoint.parquet");
        var again = (await Cli.Run("tables", "checkpoint", table, "-o", "json")).Succeeded().Json;
        ((bool)again["written"]!, (long)again["version"]!).ShouldBe((false, 1L));
        (await Cli.Run("tables", "partitions", table, "-o", "json")).Succeeded().Json["partitions"]!.ToJsonString().ShouldBe(before);
    }

    [Theory]
    [InlineData("inspect")]
    [InlineData("commits")]
    [InlineData("partitions")]
    [InlineData("checkpoint")]
    public async Task What_is_no_table_is_refused_in_one_sentence_or_as_json(string command)
    {
        (await Cli.Run("tables", command, _folder.Path)).Refused(1, "no Delta table at");
        var refused = await Cli.Run("tables", command, _folder.Path, "-o", "json");
        refused.ExitCode.ShouldBe(1);
        ((string)refused.Json["outcome"]!).ShouldBe("error");
        ((string)refused.Json["error"]!["class"]!).ShouldBe("TableNotFound");
    }

    private static async Task<long> VersionOf(string table, params string[] options)
    {
        string[] command = ["tables", "partitions", table, "-o", "json"];
        var document = (await Cli.Run([.. command, .. options])).Succeeded().Json;
        var version = (long)document["version"]!;
        document["partitions"]!.AsArray().Count.ShouldBe((int)version + 1);
        return version;
    }

    private static long VersionOf(string line) => (long)JsonNode.Parse(line)!["version"]!;
}
