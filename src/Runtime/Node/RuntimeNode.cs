namespace Latecomer.Runtime;

/// <summary>
/// A node: takes its part of the shards, runs their turns, and runs activities. Several may live in one process on one store. When it
/// could not renew in time it stops everything by itself, and begins another life under a new incarnation.
/// </summary>
public sealed class RuntimeNode(RuntimeNodeOptions options) : IAsyncDisposable
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _ended = new();
    private volatile NodeLife? _life;
    private Task? _lives;

    /// <summary>Its name.</summary>
    public string Name => options.Name;

    /// <summary>The shards that it serves now.</summary>
    public IReadOnlySet<ShardId> Shards => _life is { IsOver: false } life ? life.Owned.Shards : new HashSet<ShardId>();

    /// <summary>Whether it takes part now: it has joined, and neither expired nor ended since.</summary>
    public bool IsLive => _life is { IsOver: false };

    /// <summary>Its present life; null before it has joined.</summary>
    public Incarnation? Incarnation => _life?.Self.Incarnation;

    /// <summary>Joins, and runs until it is stopped or killed. While a live node has its name (a former life of its own that has
    /// not expired yet) it waits.</summary>
    /// <exception cref="NodeNameTakenException">A node of that name goes on living.</exception>
    public async Task Start(CancellationToken cancellation)
    {
        if (_lives is not null)
        {
            throw new InvalidOperationException($"The node '{Name}' was started before.");
        }

        var first = await Join(cancellation);
        _lives = Live(first);
    }

    /// <summary>Hands over its shards, waits a while for its activities, leaves. After it the node does nothing any more.</summary>
    public async Task Stop()
    {
        if (_lives is null || _ended.IsCancellationRequested)
        {
            return;
        }

        await _ended.CancelAsync();
        await (_life?.HandOver() ?? Task.CompletedTask);
        await (_life?.End(NodeEnd.Stopped) ?? Task.CompletedTask);
        await _lives;
    }

    /// <summary>Ends it as a crash would, without a word to the store: for tests.</summary>
    public async Task Kill()
    {
        await _ended.CancelAsync();
        await (_life?.End(NodeEnd.Killed) ?? Task.CompletedTask);
        await (_lives ?? Task.CompletedTask);
    }

    /// <summary>Stops it if nobody has yet.</summary>
    public async ValueTask DisposeAsync()
    {
        await Stop();
        _ended.Dispose();
    }

    private async Task Live(NodeLife life)
    {
        var loops = new List<Task>();
        while (true)
        {
            loops.RemoveAll(l => l.IsCompleted);
            loops.Add(life.Run());
            await life.Over;
            try
            {
                life = await Join(_ended.Token);
            }
            catch (OperationCanceledException)
            {
                await Task.WhenAll(loops);
                return;
            }
        }
    }

    private async Task<NodeLife> Join(CancellationToken cancellation)
    {
        var patience = options.Settings.Lifetime * 2;
        var started = options.Time.GetTimestamp();
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var services = options.NewLife();
            var life = new NodeLife(services, options.Handlers, options.Intake);
            var joined = false;
            try
            {
                joined = await life.Join(cancellation);
                if (joined)
                {
                    return _life = life;
                }

                if (_lives is null && options.Time.GetElapsedTime(started) > patience)
                {
                    throw new NodeNameTakenException($"Another node named '{Name}' is alive. Give this one another name, or stop the other.");
                }
            }
            catch (Exception fault) when (_lives is not null && fault is not OperationCanceledException)
            {
                options.Observer.Fault(services.Self, "joining", fault);
            }
            finally
            {
                if (!joined)
                {
                    life.Dispose();
                }
            }

            await Task.Delay(RetryPause, options.Time, cancellation);
        }
    }
}

/// <summary>A node cannot join because a live node has its name.</summary>
public sealed class NodeNameTakenException : Exception
{
    /// <summary>Fails without a name; better give one.</summary>
    public NodeNameTakenException()
    {
    }

    /// <summary>Fails with a sentence.</summary>
    public NodeNameTakenException(string message)
        : base(message)
    {
    }

    /// <summary>Fails with a sentence and a cause.</summary>
    public NodeNameTakenException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
