using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.Postgres;

namespace Latecomer.Tests.EndToEnd.State;

/// <summary>A data folder whose state is in it, or in a database; and what follows it once that is lost.</summary>
internal sealed class StateUnderTest : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<TestDatabase> _databases = [];
    private int _life;

    private StateUnderTest(bool isShared) => IsShared = isShared;

    /// <summary>Whether it is in a database.</summary>
    public bool IsShared { get; }

    /// <summary>The data folder.</summary>
    public string Data => Path.Combine(_folder.Path, $"data-{_life}");

    /// <summary>Where a backup goes.</summary>
    public string Backup => Path.Combine(_folder.Path, "state.backup");

    private string[] Where => IsShared ? ["--store", _databases[^1].ConnectionString] : ["--data", Data];

    /// <summary>An empty one.</summary>
    public static async Task<StateUnderTest> New(bool isShared)
    {
        var made = new StateUnderTest(isShared);
        if (isShared)
        {
            made._databases.Add(await TestDatabase.Rent());
        }

        return made;
    }

    /// <summary>Starts a node.</summary>
    public Task<NodeProcess> Start(params string[] arguments) =>
        IsShared ? NodeProcess.Join(Data, _databases[^1].ConnectionString, "a", arguments) : NodeProcess.Alone(Data, arguments);

    /// <summary>Writes a backup.</summary>
    public Task<CommandResult> Save(string? file = null) => Cli.Run(["state", "backup", file ?? Backup, .. Where]);

    /// <summary>Makes a state of a backup.</summary>
    public Task<CommandResult> Restore(string? file = null) => Cli.Run(["state", "restore", file ?? Backup, .. Where]);

    /// <summary>Loses the state; the tables stay.</summary>
    public async Task Lose()
    {
        var dataset = Path.Combine(Data, "dataset");
        _life++;
        Directory.CreateDirectory(Data);
        Directory.Move(dataset, Path.Combine(Data, "dataset"));
        if (IsShared)
        {
            _databases.Add(await TestDatabase.Rent());
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var database in _databases)
        {
            await database.Return();
        }

        _folder.Dispose();
    }
}
