using Latecomer.Activities;
using Latecomer.Actors;
using Latecomer.Runtime;
using static Latecomer.Tests.Unit.Activities.TemporaryDataset;

namespace Latecomer.Tests.Unit.Activities;

public sealed class WriteConfigurationFacts : IDisposable
{
    private readonly TemporaryDataset _dataset = new();

    public void Dispose() => _dataset.Dispose();

    [Fact]
    public async Task The_file_is_what_it_always_was()
    {
        await Write(".", "backfilling_configuration_2001-05-03.json", "event_time=2024-01-02");
        Content("backfilling_configuration_2001-05-03.json").ShouldBe("{\"partitions\":[\"event_time=2024-01-02\"]}\n");

        await Write("a/b", "none.json");
        Content("a/b/none.json").ShouldBe("{\"partitions\":[]}\n");

        await Write("a/b", "two.json", "hour=2001-05-01T05:00:00+00:00", "città='x'&<y>");
        Content("a/b/two.json").ShouldBe("{\"partitions\":[\"hour=2001-05-01T05:00:00+00:00\",\"città='x'&<y>\"]}\n");
    }

    [Fact]
    public async Task An_older_file_is_replaced_and_the_same_one_is_fine()
    {
        await Write("f", "x.json", "day=1");
        await Write("f", "x.json", "day=1");
        await Write("f", "x.json", "day=1", "day=2");

        Content("f/x.json").ShouldBe("{\"partitions\":[\"day=1\",\"day=2\"]}\n");
        Directory.EnumerateFileSystemEntries(Path.Combine(_dataset.Folder.Path, "f")).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task What_a_crash_left_behind_goes_away_and_what_may_be_in_use_stays()
    {
        await Write("f", "x.json", "day=1");
        var own = Path.Combine(_dataset.Folder.Path, "f", ".z.json.0123.tmp");
        await File.WriteAllTextAsync(own, "{");
        var old = Path.Combine(_dataset.Folder.Path, "f", ".x.json.0123.tmp");
        var young = Path.Combine(_dataset.Folder.Path, "f", ".y.json.0123.tmp");
        await File.WriteAllTextAsync(old, "{");
        await File.WriteAllTextAsync(young, "{");
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddHours(-2));

        await Write("f", "z.json");

        File.Exists(own).ShouldBeFalse();
        File.Exists(old).ShouldBeFalse();
        File.Exists(young).ShouldBeTrue();
    }

    [Fact]
    public async Task Attempts_at_once_do_not_disturb_each_other()
    {
        await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(() => Write("f", "x.json", $"day={i % 2}"))));

        Directory.EnumerateFileSystemEntries(Path.Combine(_dataset.Folder.Path, "f")).ShouldHaveSingleItem();
        Content("f/x.json").ShouldBeOneOf("{\"partitions\":[\"day=0\"]}\n", "{\"partitions\":[\"day=1\"]}\n");
    }

    [Theory]
    [InlineData("..", "x.json")]
    [InlineData("/tmp", "x.json")]
    [InlineData("a/../../b", "x.json")]
    [InlineData("", "x.json")]
    [InlineData(".", "../x.json")]
    [InlineData(".", "..")]
    public async Task Nothing_is_written_outside_of_the_dataset_folder(string folder, string file) =>
        (await Should.ThrowAsync<ActivityFailedException>(Write(folder, file))).Message.ShouldContain("outside");

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_told_in_a_sentence()
    {
        await File.WriteAllTextAsync(Path.Combine(_dataset.Folder.Path, "taken"), "");

        (await Should.ThrowAsync<ActivityFailedException>(Write("taken/below", "x.json"))).Message.ShouldStartWith("The configuration file x.json could not be written");
    }

    private Task Write(string folder, string file, params string[] partitions) => Run(
        new WriteConfigurationHandler(_dataset.Folder, TimeProvider.System, Guid.NewGuid), new WriteConfiguration(folder, file, [.. partitions]));

    private string Content(string file) => File.ReadAllText(Path.Combine(_dataset.Folder.Path, file));
}
