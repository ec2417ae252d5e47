using System.Runtime.Versioning;
using Latecomer.Tests.EndToEnd.Days;
using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.EndToEnd.Commands;

/// <summary>Completion: by bash itself, and what the scripts of the others say.</summary>
[SupportedOSPlatform("linux")]
public sealed class CompletionTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private NodeProcess _node = null!;

    public async Task InitializeAsync()
    {
        var day = new SeedsDay(_folder.Path);
        await day.Load(0);
        await day.Load(1);
        _node = await NodeProcess.Start(_folder.Path);
        (await _node.Cli("pipelines", "apply", SeedsDay.PipelineFile)).Succeeded();
        await Waiting.For("the first run", async () => (await _node.Api.Runs(SeedsDay.Pipeline)).Count > 0 ? "" : null);

        // A program of the name that shells complete for.
        var program = Path.Combine(_folder.Path, "latecomer");
        await File.WriteAllTextAsync(program, $"#!/bin/sh\nexec '{BuiltProgram.Dotnet}' '{BuiltProgram.Assembly}' \"$@\"\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Bash_completes_commands_options_and_names()
    {
        (await Bash("latecomer pa")).Order().ShouldBe(["parquet", "partitions"]);
        (await Bash("latecomer runs ")).ShouldContain("clear");
        (await Bash("latecomer runs clear --fu")).ShouldBe(["--future"]);
        (await Bash("latecomer runs list -o j")).ShouldBe(["json"]);
        (await Bash("latecomer runs list --state=fa")).ShouldBe(["failed"]);
        (await Bash("latecomer runs clear dev")).ShouldBe([SeedsDay.Pipeline]);
        (await Bash($"latecomer runs clear {SeedsDay.Pipeline} 2024-01-01 --task mark_partition_as_processi")).ShouldBe([SeedsDay.Mark]);
        (await Bash($"latecomer partitions get {SeedsDay.Pipeline} 2024-01-0")).ShouldContain("2024-01-01");
        (await Bash("latecomer tables get d")).ShouldBe(["devices"]);
        (await Bash("latecomer cluster leave node-")).ShouldBe(["node-1"]);
    }

    [Fact]
    public async Task Bash_completes_a_run_id_though_it_breaks_words_at_its_colons()
    {
        (await Bash($"latecomer runs get {SeedsDay.Pipeline} 2024-01-01 --run sched")).ShouldBe(["scheduled__2024-01-01T00:00:00Z"]);
        (await Bash($"latecomer runs get {SeedsDay.Pipeline} 2024-01-01 --run scheduled__2024-01-01T00:00:")).ShouldBe(["00Z"], "only what comes after the last colon, as bash wants it");
    }

    [Fact]
    public async Task Bash_offers_files_where_a_file_is_due_and_nothing_where_no_node_answers()
    {
        (await Bash("latecomer pipelines apply latec")).ShouldBe(["latecomer"]);
        (await Bash("latecomer runs clear dev", "http://127.0.0.1:1")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Words_are_told_with_what_they_are_for_shells_that_show_it()
    {
        var surroundings = new Surroundings { Environment = Environment(_node.Server) };
        var lines = (await Cli.Run(surroundings, "__complete", "--", "runs", "get", SeedsDay.Pipeline, "2024-01-01", "--run", "")).Succeeded().Output.Split('\n');
        lines.ShouldContain(l => l.StartsWith("scheduled__2024-01-01T00:00:00Z\t", StringComparison.Ordinal));
        (await Cli.Run(surroundings, "__complete", "--", "parquet", "cat", "")).Succeeded().Output.ShouldBe(":files");
        (await Cli.Run("completion", "zsh")).Succeeded().Output.ShouldStartWith("#compdef latecomer\n");
        (await Cli.Run("completion", "fish")).Succeeded().Output.ShouldContain("complete -c latecomer -f");
    }

    /// <summary>What bash offers at the end of a line, asked as readline asks.</summary>
    private async Task<IReadOnlyList<string>> Bash(string line, string? server = null)
    {
        const string ask = """
            source <(latecomer completion bash)
            COMP_LINE=$1 COMP_POINT=${#1}
            # Bash breaks words at COMP_WORDBREAKS; an array by spaces and colons is near enough to that.
            read -r -a COMP_WORDS <<< "${1//:/ : }"
            [[ $1 == *[[:space:]:] ]] && COMP_WORDS+=("")
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            files=
            compopt() { files=1; }
            _latecomer
            if [ -n "$files" ]; then compgen -f -- "${COMP_WORDS[COMP_CWORD]}"; else printf '%s\n' "${COMPREPLY[@]}"; fi
            """;
        var surroundings = new Surroundings { Folder = _folder.Path, Environment = Environment(server ?? _node.Server) };
        return (await Cli.RunProgram("bash", surroundings, "--norc", "-c", ask, "bash", line)).Succeeded().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private Dictionary<string, string> Environment(string server) => new(StringComparer.Ordinal)
    {
        ["LATECOMER_SERVER"] = server,
        // Longer than a command of a test may take: whoever waited for it to pass would be noticed.
        ["LATECOMER_COMPLETION_TIMEOUT"] = "1h",
        ["PATH"] = $"{_folder.Path}{Path.PathSeparator}{System.Environment.GetEnvironmentVariable("PATH")}",
    };
}
