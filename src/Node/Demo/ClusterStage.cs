using System.Globalization;
using Latecomer.Node.Devices;
using Latecomer.Node.Http;

namespace Latecomer.Node.Demo;

/// <summary>Nodes that are processes of their own, on a PostgreSQL: a cluster as <c>latecomer cluster up</c> makes it. If they are to be killed, each work takes
/// a part of the time from one kill to the next, and late data and clearing come in the moment of a kill: otherwise a kill would hardly ever hit anything.</summary>
internal sealed class ClusterStage : IDemoStage
{
    private const double PartOfKillEvery = 0.5;

    private readonly DemoCluster _cluster;
    private readonly FailoverApi _api;
    private readonly NodeShares _shares = new();
    private readonly NodeKiller? _killer;
    private readonly CancellationTokenSource _over = new();
    private readonly Task _killing = Task.CompletedTask;
    private volatile int _phase;

    private ClusterStage(DemoCluster cluster, TimeSpan? killEvery, Action<string, DemoPhase> killed)
    {
        _cluster = cluster;
        _api = new FailoverApi(() => [.. cluster.Nodes.Select(n => n.Address).OfType<Uri>()], TimeProvider.System);
        if (killEvery is { } every)
        {
            _killer = new NodeKiller(cluster, every, _shares, node => killed(node, (DemoPhase)_phase));
            _killing = _killer.Run(_over.Token);
        }
    }

    /// <inheritdoc/>
    public IApi Api => _api;

    /// <inheritdoc/>
    public string Dataset => _cluster.Dataset;

    /// <summary>Completes when the killer cannot go on: a node did not start again.</summary>
    public Task<string> StoreFailed => Failed();

    /// <summary>Brings the cluster up, and begins to kill, if that is wanted.</summary>
    public static async Task<ClusterStage> Start(string data, int nodes, TimeSpan? killEvery, Action<string, DemoPhase> killed, CancellationToken cancellation)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [DeviceSummary.TakesVariable] = ((long)((killEvery ?? TimeSpan.Zero) * PartOfKillEvery).TotalMilliseconds).ToString(CultureInfo.InvariantCulture),
        };
        return new ClusterStage(await DemoCluster.Up(data, nodes, environment, cancellation), killEvery, killed);
    }

    /// <inheritdoc/>
    public async Task Enter(DemoPhase phase, CancellationToken cancellation)
    {
        _phase = (int)phase;
        if (_killer is not null && phase is DemoPhase.LateData or DemoPhase.Clearing)
        {
            await _killer!.NextKill.WaitAsync(cancellation);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DemoProgress.NodeShare>> End(CancellationToken cancellation)
    {
        await _over.CancelAsync();
        await _killing;
        await Task.WhenAll(_cluster.Nodes.Select(n => _shares.Ask(n, wait: null, cancellation)));
        return _shares.Of(_cluster.Nodes);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _killing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _cluster.Down();
        _api.Dispose();
        _over.Dispose();
    }

    private async Task<string> Failed()
    {
        try
        {
            await _killing;
        }
        catch (Cli.Refusal refusal)
        {
            return refusal.Message;
        }

        return await new TaskCompletionSource<string>().Task;
    }
}
