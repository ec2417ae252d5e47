using Latecomer.Grpc;
using Latecomer.Node.Cli;
using Latecomer.Node.Hints;
using Latecomer.Node.Hosting;
using Latecomer.Runtime;
using Microsoft.Extensions.Logging;

namespace Latecomer.Node.Access;

/// <summary>Who may call a node: anyone where it listens on this machine alone, else who has a token.</summary>
internal sealed class NodeAccess : IDisposable
{
    private readonly CallLimits _limits;
    private readonly FirstToken? _first;
    private readonly AccessFilter _filter;

    /// <summary>The access of a node.</summary>
    /// <param name="options">What it was told.</param>
    /// <param name="folder">Where the first token may be left.</param>
    /// <param name="edge">By which the audit is kept.</param>
    /// <param name="store">Where tokens are.</param>
    /// <param name="secret">By which nodes know each other; null if there are no others.</param>
    /// <param name="logging">Where it says what it made.</param>
    public NodeAccess(HostOptions options, string folder, RequestEdge edge, IRuntimeStore store, ClusterSecret? secret, ILoggerFactory logging)
    {
        Tokens = new TokenBook(store.Projections, TimeProvider.System);
        _limits = new CallLimits(options.CallsPerSecond);
        _first = options.AsksForTokens ? new FirstToken(folder, edge, Tokens, logging.CreateLogger<FirstToken>()) : null;
        _filter = new AccessFilter(
            options.AsksForTokens ? new KnownByToken(Tokens, secret) : new OpenToAll(), _limits, new AuditNotes(edge, TimeProvider.System, Guid.NewGuid));
    }

    /// <summary>The tokens.</summary>
    public TokenBook Tokens { get; }

    /// <summary>What stands around each call.</summary>
    public IReadOnlyList<CallFilter> Filters => [_filter.Around];

    /// <summary>Sees to it that an admin has a token, where tokens are asked for.</summary>
    /// <exception cref="Refusal">The token cannot be kept.</exception>
    public Task ProvideFirstToken(CancellationToken cancellation) => _first?.Provide(cancellation) ?? Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose()
    {
        _limits.Dispose();
        Tokens.Dispose();
    }
}
