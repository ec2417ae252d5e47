using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.EndToEnd.Tables;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.EndToEnd.BadInput;

/// <summary>Tables and rows that cannot be loaded: one sentence, an exit code, and nothing changed.</summary>
public sealed class DeviceTableTests : IDisposable
{
    private const int Failed = 1;
    private const int Usage = 2;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_folder_that_is_no_delta_table_gets_no_rows()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "thesis.txt"), "mine");
        var before = FolderContent.Of(_folder.Path);

        (await Load("2024-01-01")).Refused(Failed, _folder.Path, "no Delta table", "thesis.txt");

        FolderContent.Of(_folder.Path).ShouldBe(before);
    }

    [Fact]
    public async Task A_table_with_a_broken_commit_gets_no_rows()
    {
        (await Load("2024-01-01")).Succeeded();
        (await Load("2024-01-02")).Succeeded();
        File.WriteAllText(new TableLog(_folder.Path).FileOf(1), "{\"add\":{\"path\":");
        var before = FolderContent.Of(_folder.Path);

        (await Load("2024-01-03")).Refused(Failed, _folder.Path, "00000000000000000001.json");

        FolderContent.Of(_folder.Path).ShouldBe(before);
    }

    [Theory]
    [InlineData("not json", "input.jsonl:1")]
    [InlineData("{\"type\":\"a\",\"full_name\":\"b\"}", "input.jsonl:1")]
    [InlineData("{\"type\":\"a\",\"full_name\":\"b\",\"version\":\"c\"}\n{\"type\":\"a\",\"full_name\":\"b\",\"version\":\"c\",\"colour\":\"d\"}", "input.jsonl:2")]
    [InlineData("", "no rows")]
    public async Task Rows_that_are_no_devices_make_no_table(string lines, string words)
    {
        var input = Path.Combine(_folder.Path, "input.jsonl");
        File.WriteAllText(input, lines);
        var table = Path.Combine(_folder.Path, "table");

        (await Cli.Run("devices", "load", table, "2024-01-01", "--input", input)).Refused(Usage, words);

        Directory.Exists(table).ShouldBeFalse();
    }

    [Theory]
    [InlineData("2024-02-30")]
    [InlineData("yesterday")]
    public async Task What_is_no_day_makes_no_table(string day)
    {
        (await Load(day)).Refused(Usage, day);
        FolderContent.Of(_folder.Path).ShouldBeEmpty();
    }

    private Task<CommandResult> Load(string day) => Cli.Run("devices", "load", _folder.Path, day);
}
