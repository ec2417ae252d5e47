using System.Text.Json.Nodes;
using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.EndToEnd.BadInput;

/// <summary>Data folders and addresses that cannot be had: one sentence, an exit code, and nothing changed.</summary>
public sealed class DataFolderTests : IDisposable
{
    private const int Failed = 1;
    private const int Usage = 2;
    private const int FolderRefused = 4;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_folder_of_another_kind_is_refused_and_left_as_it_was()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "thesis.txt"), "mine");
        Directory.CreateDirectory(Path.Combine(_folder.Path, "state"));
        var before = FolderContent.Of(_folder.Path);

        (await Node(_folder.Path)).Refused(FolderRefused, _folder.Path, "thesis.txt", "not a data folder");

        FolderContent.Of(_folder.Path).ShouldBe(before);
    }

    [Fact]
    public async Task A_folder_that_is_in_use_is_refused_and_goes_on_being_served()
    {
        await using var first = await NodeProcess.Start(_folder.Path);

        (await Node(_folder.Path)).Refused(FolderRefused, _folder.Path, "in use", $"process {first.Process.Id}");

        (await first.Api.Call("Pipelines/List", [])).ShouldNotBeNull();
        await first.Stop();
    }

    [Fact]
    public async Task A_folder_of_a_newer_build_is_refused_and_left_as_it_was()
    {
        await (await NodeProcess.Start(_folder.Path)).Stop();
        var marker = Path.Combine(_folder.Path, "state", "format.json");
        var format = JsonNode.Parse(File.ReadAllText(marker))!.AsObject();
        format["format"] = 1_000_000;
        File.WriteAllText(marker, format.ToJsonString());
        var before = FolderContent.Of(_folder.Path);

        (await Node(_folder.Path)).Refused(FolderRefused, _folder.Path, "newer build");

        FolderContent.Of(_folder.Path).ShouldBe(before);
    }

    [Fact]
    public async Task A_file_is_no_data_folder()
    {
        var file = Path.Combine(_folder.Path, "file");
        File.WriteAllText(file, "mine");

        (await Node(file)).Refused(FolderRefused, file, "is a file");

        File.ReadAllText(file).ShouldBe("mine");
    }

    [Fact]
    public async Task A_port_that_is_taken_is_refused_before_the_folder_is_touched()
    {
        await using var first = await NodeProcess.Start(Path.Combine(_folder.Path, "first"));
        var second = Path.Combine(_folder.Path, "second");

        var result = await Cli.Run("node", "--data", second, "--listen", first.Server);

        result.Refused(Failed, first.Server, "another process listens");
        Directory.Exists(second).ShouldBeFalse();
        await first.Stop();
    }

    [Fact]
    public async Task A_port_for_grpc_that_is_taken_is_refused_by_its_name()
    {
        await using var first = await NodeProcess.Start(Path.Combine(_folder.Path, "first"));
        var second = Path.Combine(_folder.Path, "second");

        var result = await Cli.Run("node", "--data", second, "--listen", "http://127.0.0.1:0", "--grpc", first.Server);

        result.Refused(Failed, first.Server, "another process listens", "--grpc");
        Directory.Exists(second).ShouldBeFalse();
        await first.Stop();
    }

    [Theory]
    [InlineData("not an address")]
    [InlineData("ftp://127.0.0.1:0")]
    [InlineData("http://127.0.0.1:0/path")]
    public async Task What_is_no_address_is_refused_before_the_folder_is_touched(string address)
    {
        var data = Path.Combine(_folder.Path, "data");

        (await Cli.Run("node", "--data", data, "--listen", address)).Refused(Usage, "--listen", address);

        Directory.Exists(data).ShouldBeFalse();
    }

    [Fact]
    public async Task Https_without_a_certificate_is_refused_before_the_folder_is_touched()
    {
        var data = Path.Combine(_folder.Path, "data");

        (await Cli.Run("node", "--data", data, "--listen", "https://127.0.0.1:0")).Refused(Usage, "--listen", "--tls-certificate", "--tls-key");

        Directory.Exists(data).ShouldBeFalse();
    }

    [Fact]
    public async Task A_node_that_does_not_answer_is_named()
    {
        string address;
        await using (var node = await NodeProcess.Start(_folder.Path))
        {
            address = node.Server;
            await node.Stop();
        }

        const int unreachable = 3;
        (await Cli.Run("runs", "list", "some", "--server", address)).Refused(unreachable, address);
    }

    private static Task<CommandResult> Node(string data) => Cli.Run("node", "--data", data, "--listen", "http://127.0.0.1:0");
}
