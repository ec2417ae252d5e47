using System.Reflection;
using Latecomer.Activities;
using Latecomer.Actors;
using Latecomer.Grpc;
using Latecomer.Node.Access;
using Latecomer.Node.Cli;
using Latecomer.Node.Clusters;
using Latecomer.Node.Devices;
using Latecomer.Node.Explaining;
using Latecomer.Node.Grpc;
using Latecomer.Node.Hints;
using Latecomer.Node.Http;
using Latecomer.Node.Intake;
using Latecomer.Node.Tls;
using Latecomer.Node.Watching;
using Latecomer.Runtime;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Latecomer.Node.Hosting;

/// <summary>A process that serves a data folder: one or more nodes on a store of their own, or one of the nodes on a store that they share; and the API. It
/// goes on where an earlier one, however it ended, left the folder. Disposing stops it in order.</summary>
internal sealed class NodeHost : IAsyncDisposable
{
    private static readonly string Build =
        typeof(NodeHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    private readonly HostOptions _options;
    private readonly NodeObserver _observer;
    private readonly EdgeServer _server;
    private readonly NodeStorage _storage;
    private readonly StoreWait _wait;
    private readonly ILoggerFactory _logging;
    private readonly NodeHandler _toNodes;
    private readonly List<RuntimeNode> _nodes = [];
    private IRuntimeStore? _store;
    private readonly LocalIntake _local = new();
    private ClusterHints? _hints;
    private ClusterIntake? _intake;
    private RequestEdge? _edge;
    private Watches? _watches;
    private NodeAccess? _access;
    private bool _disposed;

    private NodeHost(HostOptions options, NodeTls tls, EdgeServer server, NodeStorage storage, ILoggerFactory logging)
    {
        _options = options;
        _server = server;
        _storage = storage;
        _logging = logging;
        _observer = new NodeObserver(logging.CreateLogger<NodeObserver>(), TimeProvider.System);
        _toNodes = new NodeHandler(tls, logging.CreateLogger<NodeHandler>());
        _wait = new StoreWait(server, TimeProvider.System, logging.CreateLogger<StoreWait>());
    }

    /// <summary>Where the API is.</summary>
    public Uri Address => _server.Address;

    /// <summary>Where the API is called by gRPC.</summary>
    public Uri GrpcAddress => _server.GrpcAddress;

    /// <summary>Where tables and configuration files are.</summary>
    public string Dataset => _storage.Folder.Dataset;

    /// <summary>Completes when the store was found missing at the start. The host goes on trying.</summary>
    public Task Waits => _wait.Waits;

    /// <summary>Completes when somebody has asked the node to leave: the host should be disposed.</summary>
    public Task AskedToLeave => _observer.AskedToLeave;

    /// <summary>Completes when the store could not be used for the first time, with the reason for people. The host goes on trying.</summary>
    public Task<string> StoreFailed => _observer.StoreFailed;

    /// <summary>Takes the address, then the data folder: a port that is taken leaves the folder untouched. It answers that it is starting until it serves.</summary>
    /// <exception cref="Refusal">The address, the folder or a file of TLS cannot be had; nothing was changed.</exception>
    public static async Task<NodeHost> Start(HostOptions options, ILoggerFactory logging, CancellationToken cancellation)
    {
        var tls = NodeTls.Open(options.Tls, TimeProvider.System, logging.CreateLogger<NodeTls>());
        if (options.Store is not null)
        {
            tls.CheckAmongNodes();
        }

        var server = await EdgeServer.Start(options.Listen, options.GrpcOrNext, tls, logging, cancellation);
        try
        {
            return new NodeHost(options, tls, server, NodeStorage.Open(options), logging);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens the store and serves. For a shared store that is not there yet it waits.</summary>
    /// <exception cref="Refusal">The store refuses us, or a node of that name lives.</exception>
    public async Task Serve(CancellationToken cancellation)
    {
        try
        {
            var opened = await Patiently(() => _storage.OpenStore(cancellation), cancellation);
            _store = opened.Store;
            var others = opened.Secret is { } secret ? Others(secret, ActorIds.Catalog()) : [];
            var catalog = ActorIds.Catalog();
            IHints hints = _hints is null ? new LocalHints() : _hints;
            _edge = new RequestEdge(_store, catalog, hints, TimeProvider.System, _options.Runtime, _intake is null ? _local : _intake);
            _nodes.AddRange(Nodes(_store, catalog, hints));
            await Task.WhenAll(_nodes.Select(node => Patiently(() => Started(node, cancellation), cancellation)));
            var health = new HealthCheck(_store, _observer, _nodes);
            _watches = Watching(_store, catalog, hints);
            _access = new NodeAccess(_options, _storage.Folder.State, _edge, _store, opened.Secret, _logging);
            await Patiently(() => Provided(_access, cancellation), cancellation);
            _server.Serve(Methods(_edge, _store, catalog, hints, opened.Secret), _access.Filters, health.Ask, others);
        }
        catch (StoreRefusedException refused)
        {
            throw _storage.Refused(refused);
        }
        catch (Exception e) when (e is StoreFaultException or NodeNameTakenException)
        {
            throw new Refusal(ExitCode.Failed, e.Message, e);
        }
    }

    /// <summary>Takes a turn for nothing on a store that is shared, so that those who come later do not wait for what only the first one needs.</summary>
    public async Task TakeFirstTurn(CancellationToken cancellation)
    {
        if (_storage.IsShared && _edge is { } edge)
        {
            await Task.WhenAll(_nodes.Select(node => new FirstTurn(edge, ActorIds.Catalog(), node).Ask(cancellation)));
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (_storage.IsShared)
        {
            // Others answer from now on; what this process was asked is answered meanwhile.
            _server.Stopping();
            await HandOver();
            await _server.DisposeAsync();
        }
        else
        {
            await _server.DisposeAsync();
            await HandOver();
        }

        await (_watches?.DisposeAsync() ?? ValueTask.CompletedTask);
        _access?.Dispose();
        _edge?.Dispose();
        _intake?.Dispose();
        await (_hints?.DisposeAsync() ?? ValueTask.CompletedTask);
        _toNodes.Dispose();
        await (_store?.DisposeAsync() ?? ValueTask.CompletedTask);
        _storage.Dispose();
    }

    private static async Task<NodeAccess> Provided(NodeAccess access, CancellationToken cancellation)
    {
        await access.ProvideFirstToken(cancellation);
        return access;
    }

    private Task HandOver() => Task.WhenAll(_nodes.Select(n => n.DisposeAsync().AsTask()));

    private Task<T> Patiently<T>(Func<Task<T>> attempt, CancellationToken cancellation) => _storage.IsShared ? _wait.Until(attempt, cancellation) : attempt();

    private async Task<RuntimeNode> Started(RuntimeNode node, CancellationToken cancellation)
    {
        if (_storage.Former(node.Name) is { } former)
        {
            await _store!.Membership.Leave(former, cancellation);
        }

        await node.Start(cancellation);
        return node;
    }

    private IEnumerable<RuntimeNode> Nodes(IRuntimeStore store, ActorCatalog catalog, IHints hints)
    {
        var folder = _storage.Folder;
        var handlers = ActivityHandlers.All(new DatasetFolder(folder.Dataset), folder.State, TimeProvider.System, Guid.NewGuid, [DeviceSummary.FromEnvironment()], store.Projections);
        return _storage.Names.Select(name => new RuntimeNode(new RuntimeNodeOptions
        {
            Name = name,
            Address = ReachableAddress.Of(_options.Advertise, Address).ToString(),
            Build = Build,
            Store = store,
            Catalog = catalog,
            Handlers = handlers,
            Hints = hints,
            Intake = _local,
            Time = TimeProvider.System,
            NewIncarnation = () => _storage.NewLife(name),
            Observer = _observer,
            Settings = _options.Runtime,
        }));
    }

    private Watches Watching(IRuntimeStore store, ActorCatalog catalog, IHints hints)
    {
        var here = ReachableAddress.Of(_options.Advertise, Address);
        var watches = new Watches(
            store, catalog, hints, TimeProvider.System, new TailSurroundings(() => hints.Publish(new Hint.JournalWatched(here)), _observer.FollowingFailed));
        _observer.Committed = shard =>
        {
            watches.Hear(shard);
            _hints?.JournalGrew(shard);
        };
        return watches;
    }

    /// <summary>How nodes of a cluster reach each other; what they may ask each other.</summary>
    private Dictionary<string, RequestDelegate> Others(ClusterSecret secret, ActorCatalog catalog)
    {
        var hints = _hints = new ClusterHints(secret, _toNodes, TimeProvider.System);
        var intake = _intake = new ClusterIntake(_local, secret, _toNodes, TimeProvider.System);
        _observer.PlacementSeen = (self, seen) =>
        {
            var routes = Routes.Of(self.Incarnation, seen);
            hints.See(routes);
            intake.See(routes);
        };
        return new Dictionary<string, RequestDelegate>(StringComparer.Ordinal)
        {
            [HintEndpoint.Path] = new HintEndpoint(secret, hints.Hear).Answer,
            [OfferEndpoint.Path] = new OfferEndpoint(secret, catalog, _local).Answer,
        };
    }

    private List<RpcMethod> Methods(RequestEdge edge, IRuntimeStore store, ActorCatalog catalog, IHints hints, ClusterSecret? secret)
    {
        var commands = new Commands(edge, Guid.NewGuid);
        var direct = new DirectRequests(store, _options.Runtime.RepliesKept, Guid.NewGuid);
        List<RpcMethod> methods =
        [
            .. new PipelinesService(commands, store.Projections).Methods(),
            .. new RunsService(commands, store.Projections).Methods(),
            .. new RangeBackfillsService(commands, store.Projections).Methods(),
            .. new PartitionsService(commands, store.Projections).Methods(),
            .. new BackfillsService(commands).Methods(),
            .. new TablesService(commands, store.Projections).Methods(),
            .. new ClusterService(
                new ClusterPicture(store, catalog, new NodeCounts(_observer, _storage.Names, ReachableAddress.OfGrpc(_options.Advertise, Address, GrpcAddress), secret?.NodeToken, _toNodes)),
                new Departure(store, hints, direct, TimeProvider.System, _storage.IsShared),
                new DeadLetters(store, catalog, hints, direct),
                new Inventory(store, catalog),
                new AuditList(store)).Methods(),
            .. _watches!.Methods(),
            .. new TokensService(commands, store.Projections, _access!.Tokens).Methods(),
            .. new ExplainMethod(store, catalog).Methods(),
        ];
        return methods;
    }
}
