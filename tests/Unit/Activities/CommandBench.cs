using System.Collections.Immutable;
using System.Diagnostics;
using Latecomer.Activities;
using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.Unit.Activities;

/// <summary>Runs shell commands as work, several nodes on one state folder. Named pipes are what tests and commands wait for each other by.</summary>
internal sealed class CommandBench : IDisposable
{
    private static readonly LogicalDate Date = LogicalDate.Parse("2001-05-01");
    private readonly TemporaryDataset _dataset = new();

    public string Dataset => _dataset.Folder.Path;

    public string Work => Path.Combine(_dataset.State, "work");

    public static RunWork Shell(string script, params string[] arguments) => Of(new Work.Command(
        "note", "sh", ["-c", script, "note", .. arguments], ImmutableSortedDictionary<string, string>.Empty.Add("WHAT", "{partition}")));

    public static RunWork Of(Work work) => new(
        TemporaryDataset.Pipeline(work), Date, RunId.Scheduled(Date), 2,
        Pin.None.With(TemporaryDataset.Clicks, new TablePin("t-1", 8)), 5, "counting/2001-05-01/scheduled/5");

    /// <summary>A node that runs the command, as an attempt of the activity.</summary>
    public Task<WorkReport> Run(RunWork run, int attempt = 1, TimeProvider? time = null, CancellationToken stop = default) => new CommandRun(
        _dataset.Folder, Work, new CommandSettings { Grace = TimeSpan.FromMilliseconds(100) }, time ?? TimeProvider.System)
        .Run(run, (Work.Command)run.Definition.Work, attempt, stop);

    /// <summary>A node that is killed at its first wait after it began to start the command: nothing of it happens any more.</summary>
    public void RunAndCrash(RunWork run, int attempt = 1) => _ = Run(run, attempt, time: new FakeClock());

    public string Pipe(string name)
    {
        using var mkfifo = Process.Start("mkfifo", Path.Combine(Dataset, name));
        mkfifo.WaitForExit();
        mkfifo.ExitCode.ShouldBe(0);
        return name;
    }

    /// <summary>Waits until the command reads from a pipe, and gives it a line.</summary>
    public Task Give(string pipe, string line) => Task.Run(() => File.WriteAllText(Path.Combine(Dataset, pipe), line + "\n"));

    /// <summary>Waits until the command writes a line into a pipe.</summary>
    public Task<string> Take(string pipe) => Task.Run(() => File.ReadAllText(Path.Combine(Dataset, pipe)).Trim());

    public string[] Lines(string file) => File.Exists(Path.Combine(Dataset, file)) ? File.ReadAllLines(Path.Combine(Dataset, file)) : [];

    public IEnumerable<CommandExecution> Executions() =>
        Directory.EnumerateDirectories(Work).SelectMany(Directory.EnumerateDirectories).Order(StringComparer.Ordinal).Select(folder => new CommandExecution(folder));

    public void Dispose() => _dataset.Dispose();
}
