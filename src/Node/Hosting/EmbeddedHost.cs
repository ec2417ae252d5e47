using System.Reflection;
using Latecomer.Activities;
using Latecomer.Actors;
using Latecomer.Node.Cli;
using Latecomer.Node.Devices;
using Latecomer.Node.Grpc;
using Latecomer.Node.Http;
using Latecomer.Node.Storage;
using Latecomer.Runtime;
using Latecomer.Runtime.Sqlite;
using Microsoft.Extensions.Logging;

namespace Latecomer.Node.Hosting;

/// <summary>A process that serves a data folder: nodes on one embedded store, and the API. It goes on where an earlier one, however it ended,
/// left the folder. Disposing stops it in order: no new calls, then the nodes hand over, then the store closes.</summary>
internal sealed class EmbeddedHost : IAsyncDisposable
{
    private static readonly string Build =
        typeof(EmbeddedHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    private const int MostTables = 1000;

    private readonly Stack<IAsyncDisposable> _parts = new();
    private readonly NodeObserver _observer;
    private readonly List<RuntimeNode> _nodes = [];
    private EdgeServer? _server;

    private EmbeddedHost(ILoggerFactory logging) => _observer = new NodeObserver(logging.CreateLogger<NodeObserver>(), TimeProvider.System);

    /// <summary>Where the API is.</summary>
    public Uri Address => _server?.Address ?? throw new InvalidOperationException("The host has not started.");

    /// <summary>Where tables and configuration files are.</summary>
    public string Dataset { get; private set; } = "";

    /// <summary>Completes when the store could not be used for the first time, with the reason for people. The host goes on trying.</summary>
    public Task<string> StoreFailed => _observer.StoreFailed;

    /// <summary>Starts to serve. The address is taken first, so that a port that is taken leaves the folder untouched.</summary>
    /// <exception cref="Refusal">The address or the folder cannot be had; nothing was changed.</exception>
    public static async Task<EmbeddedHost> Start(HostOptions options, ILoggerFactory logging, CancellationToken cancellation)
    {
        var host = new EmbeddedHost(logging);
        try
        {
            await host.Open(options, logging, cancellation);
            return host;
        }
        catch (Exception e)
        {
            await host.DisposeAsync();
            if (e is StoreRefusedException or StoreFaultException)
            {
                throw new Refusal(e is StoreRefusedException ? ExitCode.FolderRefused : ExitCode.Failed, e.Message, e);
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        await Task.WhenAll(_nodes.Select(n => n.Stop()));
        while (_parts.TryPop(out var part))
        {
            await part.DisposeAsync();
        }
    }

    private async Task Open(HostOptions options, ILoggerFactory logging, CancellationToken cancellation)
    {
        _server = await EdgeServer.Start(options.Listen, logging, cancellation);
        var folder = DataFolder.Open(options.Data);
        _parts.Push(Part(folder));
        Dataset = folder.Dataset;
        var store = SqliteRuntimeStore.Open(folder.State, TimeProvider.System);
        _parts.Push(store);
        var catalog = ActorIds.Catalog();
        var hints = new LocalHints();
        var settings = new RuntimeSettings();
        var edge = new RequestEdge(store, catalog, hints, TimeProvider.System, settings);
        _parts.Push(Part(edge));
        var handlers = ActivityHandlers.All(new DatasetFolder(folder.Dataset), folder.State, TimeProvider.System, Guid.NewGuid, [new DeviceSummary()]);
        for (var number = 1; number <= options.Nodes; number++)
        {
            _nodes.Add(new RuntimeNode(new RuntimeNodeOptions
            {
                Name = $"node-{number}",
                Address = Address.ToString(),
                Build = Build,
                Store = store,
                Catalog = catalog,
                Handlers = handlers,
                Hints = hints,
                Time = TimeProvider.System,
                NewIncarnation = Guid.NewGuid,
                Observer = _observer,
                Settings = settings,
            }));
        }

        await Task.WhenAll(_nodes.Select(n => n.Start(cancellation)));
        _server.Serve(Methods(edge, store, catalog), token => Health(store, token));
    }

    private List<UnaryMethod> Methods(RequestEdge edge, IRuntimeStore store, ActorCatalog catalog)
    {
        var commands = new Commands(edge, Guid.NewGuid);
        return
        [
            .. new PipelinesService(commands, store.Projections).Methods(),
            .. new RunsService(commands, store.Projections).Methods(),
            .. new PartitionsService(store.Projections).Methods(),
            .. new TablesService(store.Projections).Methods(),
            .. new ClusterService(store, catalog, _observer).Methods(),
        ];
    }

    private async Task<NodeHealth> Health(IRuntimeStore store, CancellationToken cancellation)
    {
        if (_observer.StoreFault is { } fault)
        {
            return new NodeHealth(fault, []);
        }

        var suspended = (await store.DeadLetters.List(cancellation)).FirstOrDefault(l => l.Suspends);
        var tables = await store.Projections.List(Projections.Tables, "", after: null, MostTables, cancellation);
        return new NodeHealth(
            suspended is null ? null : $"{suspended.To} is suspended since {suspended.At:O}, because a message to it keeps failing: {suspended.Error}",
            [.. tables.Select(t => t.As<TableRow>().Problem?.Message).OfType<string>()]);
    }

    private static AfterUse Part(IDisposable part) => new(part);

    private sealed class AfterUse(IDisposable part) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            part.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
