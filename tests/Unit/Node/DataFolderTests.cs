using Latecomer.Node.Cli;
using Latecomer.Node.Storage;

namespace Latecomer.Tests.Unit.Node;

public sealed class DataFolderTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"latecomer-{Guid.NewGuid():N}");

    public void Dispose()
    {
        if (Directory.Exists(_path))
        {
            Directory.Delete(_path, recursive: true);
        }
    }

    [Fact]
    public void A_new_folder_is_made_and_opens_again()
    {
        DataFolder.Open(_path).Dispose();
        using var again = DataFolder.Open(_path);
        Directory.Exists(again.Dataset).ShouldBeTrue();
        Directory.GetFileSystemEntries(_path).Select(Path.GetFileName).Order().ShouldBe(["dataset", "state"]);
    }

    [Fact]
    public void A_folder_that_holds_only_a_dataset_becomes_a_data_folder()
    {
        Directory.CreateDirectory(Path.Combine(_path, "dataset", "sales"));
        Should.NotThrow(() => DataFolder.Open(_path).Dispose());
    }

    [Fact]
    public void A_beginning_that_was_interrupted_goes_on()
    {
        Directory.CreateDirectory(Path.Combine(_path, "state"));
        File.WriteAllText(Path.Combine(_path, "state", "format.json.new"), "{\"prog");
        Should.NotThrow(() => DataFolder.Open(_path).Dispose());
    }

    [Fact]
    public void A_folder_of_something_else_is_refused_and_left_as_it_was()
    {
        Directory.CreateDirectory(_path);
        File.WriteAllText(Path.Combine(_path, "thesis.txt"), "mine");
        Refused().ShouldContain("thesis.txt");
        Directory.GetFileSystemEntries(_path).ShouldHaveSingleItem();
    }

    [Fact]
    public void A_folder_in_use_is_refused_naming_the_process()
    {
        using var first = DataFolder.Open(_path);
        Refused().ShouldContain($"in use by another latecomer (process {Environment.ProcessId})");
    }

    [Fact]
    public void A_folder_of_a_newer_build_is_refused_and_left_as_it_was()
    {
        DataFolder.Open(_path).Dispose();
        var marker = Path.Combine(_path, "state", "format.json");
        File.WriteAllText(marker, """{"program":"latecomer","format":999}""");
        File.Delete(Path.Combine(_path, "state", "lock"));
        File.Delete(Path.Combine(_path, "state", "process"));
        Refused().ShouldContain("newer build (format 999");
        Directory.GetFileSystemEntries(Path.Combine(_path, "state")).ShouldBe([marker]);
    }

    [Fact]
    public void A_file_is_no_folder()
    {
        File.WriteAllText(_path, "");
        Refused().ShouldContain("is a file");
        File.Delete(_path);
    }

    private string Refused()
    {
        var refusal = Should.Throw<Refusal>(() => DataFolder.Open(_path));
        refusal.Code.ShouldBe(ExitCode.FolderRefused);
        return refusal.Message;
    }
}
