using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.EndToEnd.BadInput;

/// <summary>Disks that are full or read-only: a small file system of the test's own, seen by nobody else.</summary>
public sealed class DiskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [OwnMountFact]
    public async Task A_full_disk_is_said_changes_nothing_and_once_there_is_space_it_goes_on()
    {
        var result = (await OnDisk("size=4m", """
            load 2024-01-01 || exit 1
            fill
            before=$(list)
            load 2024-01-02 && exit 2
            [ "$before" = "$(list)" ] || exit 3
            free_space
            load 2024-01-02 || exit 4
            ls table/_delta_log
            """)).Succeeded();

        OneSentence(result, "The disk is full", "Free some space");
        result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l.EndsWith(".json", StringComparison.Ordinal))
            .ShouldBe(["00000000000000000000.json", "00000000000000000001.json"]);
    }

    [OwnMountFact]
    public async Task A_demo_that_ran_out_of_disk_goes_on_once_there_is_space()
    {
        var result = (await OnDisk("size=16m", """
            mkdir data
            dd if=/dev/zero of=filler bs=1024 count=16200 2>/dev/null
            latecomer demo --data data && exit 1
            free_space
            latecomer demo --data data || exit 2
            """)).Succeeded();

        OneSentence(result, "is full");
        result.Output.ShouldContain("As expected");
    }

    [OwnMountFact]
    public async Task A_read_only_disk_is_refused()
    {
        var result = (await OnDisk("ro", """
            latecomer demo --data data && exit 1
            latecomer node --data data --listen http://127.0.0.1:0 && exit 2
            load 2024-01-01 && exit 3
            true
            """)).Succeeded();

        var sentences = result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        sentences.Length.ShouldBe(3, result.Errors);
        sentences.ShouldAllBe(s => s.StartsWith("latecomer: ", StringComparison.Ordinal) && s.Contains("Read-only file system"));
    }

    private static void OneSentence(CommandResult result, params string[] words)
    {
        var sentence = result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldHaveSingleItem();
        sentence.ShouldStartWith("latecomer: ");
        words.ShouldAllBe(word => sentence.Contains(word), sentence);
    }

    /// <summary>Runs a script on a file system that is mounted for it alone.</summary>
    private Task<CommandResult> OnDisk(string options, string script) => Cli.RunProgram(
        "unshare",
        new Surroundings(),
        "--map-root-user",
        "--mount",
        "sh",
        "-c",
        $$"""
        disk=$1 dotnet=$2 assembly=$3
        latecomer() { "$dotnet" "$assembly" "$@"; }
        load() { latecomer devices load table "$1"; }
        list() { find . -type f ! -name filler | sort; }
        fill() { dd if=/dev/zero of=filler bs=1024 count=100000 2>/dev/null; true; }
        free_space() { rm filler; }
        mount -t tmpfs -o {{options}} none "$disk" && cd "$disk" || exit 99
        {{script}}
        """,
        "disk",
        _folder.Path,
        BuiltProgram.Dotnet,
        BuiltProgram.Assembly);
}

/// <summary>Skips where this user may not mount anything, even for itself.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OwnMountFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> Works = new(() =>
    {
        try
        {
            using var probe = System.Diagnostics.Process.Start("unshare", ["--map-root-user", "--mount", "sh", "-c", "mount -t tmpfs none /mnt 2>/dev/null"]);
            probe.WaitForExit();
            return probe.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    });

    public OwnMountFactAttribute() => Skip = Works.Value ? null : "needs leave to mount a file system in a user namespace";
}
