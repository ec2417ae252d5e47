using Latecomer.Runtime;
using Latecomer.Runtime.Sqlite;
using Latecomer.Tests.Testing.Postgres.Model;

namespace Latecomer.Tests.Simulation;

/// <summary>What the simulated cluster keeps everything in.</summary>
internal enum StoreKind
{
    Memory,
    Sqlite,

    /// <summary>The store for clusters, on a model of PostgreSQL.</summary>
    PostgresModel,
}

/// <summary>The store of one simulation, gone with it.</summary>
internal sealed class SimulatedStore : IDisposable
{
    private readonly DirectoryInfo? _folder;
    private readonly IRuntimeStore _store;

    public SimulatedStore(StoreKind kind, TimeProvider time, Weakness weakness)
    {
        if (kind == StoreKind.PostgresModel)
        {
            Server = new ModelDatabase(time, weakness);
            Calls = _store = new ModelStore(Server, new CalmClient(), new NoWatch());
            return;
        }

        if (kind == StoreKind.Memory)
        {
            _store = new InMemoryRuntimeStore(time);
            Calls = _store;
            return;
        }

        _folder = Directory.CreateTempSubdirectory("latecomer-simulation-");

        // No power is cut here: what a process has written is there for the next one.
        _store = SqliteRuntimeStore.Open(_folder.FullName, time, "PRAGMA synchronous = OFF");
        Calls = new GatedStore(_store, new BlockingGate());
    }

    /// <summary>The store, each call of which has ended when it returns.</summary>
    public IRuntimeStore Calls { get; }

    /// <summary>The server, if there is one.</summary>
    public ModelDatabase? Server { get; }

    public void Dispose()
    {
        Task.Run(() => _store.DisposeAsync().AsTask()).GetAwaiter().GetResult();
        _folder?.Delete(recursive: true);
    }
}
