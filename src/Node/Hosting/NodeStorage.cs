using Latecomer.Node.Cli;
using Latecomer.Node.Hints;
using Latecomer.Node.Storage;
using Latecomer.Runtime;
using Latecomer.Runtime.Postgres;
using Latecomer.Runtime.Sqlite;

namespace Latecomer.Node.Hosting;

/// <summary>What a host does in one way with a store of its own and in another with one that it shares.</summary>
internal abstract class NodeStorage : IDisposable
{
    private NodeStorage(DataFolder folder, IReadOnlyList<string> names)
    {
        Folder = folder;
        Names = names;
    }

    /// <summary>The data folder.</summary>
    public DataFolder Folder { get; }

    /// <summary>The names of the nodes of this process.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Whether nodes of other processes use the store too.</summary>
    public abstract bool IsShared { get; }

    /// <summary>Opens the data folder as it is used with the store that is asked for.</summary>
    /// <exception cref="Refusal">The folder cannot be had; nothing was changed.</exception>
    public static NodeStorage Open(HostOptions options) => options.Store is { } connection ? new Shared(options, connection) : new Own(options);

    /// <summary>The life of a node that ended with an earlier process; null if none is known, or if opening the store ends it anyway.</summary>
    public abstract Incarnation? Former(string node);

    /// <summary>An id for the next life of a node.</summary>
    public abstract Guid NewLife(string node);

    /// <summary>Opens the store.</summary>
    /// <exception cref="StoreRefusedException">It is not for us, now and later.</exception>
    /// <exception cref="StoreFaultException">It cannot be used.</exception>
    public abstract Task<OpenedStore> OpenStore(CancellationToken cancellation);

    /// <summary>The refusal for a store that refuses us.</summary>
    public abstract Refusal Refused(StoreRefusedException refused);

    /// <inheritdoc/>
    public void Dispose() => Folder.Dispose();

    private sealed class Own(HostOptions options) : NodeStorage(
        DataFolder.Open(options.Data), options.Nodes == 1 && options.Name is { } name ? [name] : [.. Enumerable.Range(1, options.Nodes).Select(n => $"{options.Name ?? "node"}-{n}")])
    {
        public override bool IsShared => false;

        public override Incarnation? Former(string node) => null;

        public override Guid NewLife(string node) => Guid.NewGuid();

        public override Task<OpenedStore> OpenStore(CancellationToken cancellation) =>
            Task.FromResult(new OpenedStore(SqliteRuntimeStore.Open(Folder.State, TimeProvider.System), Secret: null));

        public override Refusal Refused(StoreRefusedException refused) => new(ExitCode.FolderRefused, refused.Message, refused);
    }

    private sealed class Shared : NodeStorage
    {
        private readonly string _connection;

        public Shared(HostOptions options, string connection)
            : this(options.Data, options.Name ?? NodeName.OfThisMachine(), connection)
        {
        }

        private Shared(string data, string name, string connection)
            : base(DataFolder.OpenShared(data, name), [name]) => _connection = connection;

        public override bool IsShared => true;

        public override Incarnation? Former(string node) => new FormerLife(Folder.OfNode(node)).Read();

        public override Guid NewLife(string node)
        {
            var life = Guid.NewGuid();
            new FormerLife(Folder.OfNode(node)).TryWrite(life);
            return life;
        }

        public override async Task<OpenedStore> OpenStore(CancellationToken cancellation)
        {
            var store = await PostgresRuntimeStore.Open(_connection, cancellation);
            try
            {
                return new OpenedStore(store, new ClusterSecret(await store.ReadSecret(cancellation)));
            }
            catch
            {
                await store.DisposeAsync();
                throw;
            }
        }

        public override Refusal Refused(StoreRefusedException refused) => new(ExitCode.StoreRefused, refused.Message, refused);
    }
}

/// <summary>A store that was opened.</summary>
/// <param name="Store">It.</param>
/// <param name="Secret">By which the nodes of other processes on it are known; null if there are none.</param>
internal sealed record OpenedStore(IRuntimeStore Store, ClusterSecret? Secret);
