using Latecomer.Node.Tls;

namespace Latecomer.Node.Cli;

/// <summary>Which node a command asks, and how.</summary>
/// <param name="Server">The node's address.</param>
/// <param name="Token">What the node knows the caller by; null for nothing.</param>
internal sealed record Connection(Uri Server, string? Token = null)
{
    /// <summary>By what the node is known, and the caller proves itself; null for what the system trusts, and nothing.</summary>
    public ClientTls? Tls { get; init; }

    /// <summary>Connections of the caller's, which are not disposed with the client's; null for the client's own.</summary>
    public HttpMessageHandler? Handler { get; init; }

    /// <summary>How long to wait for an answer; null for the client's own patience.</summary>
    public TimeSpan? Wait { get; init; }

    /// <summary>The context that it comes from; null if from none.</summary>
    public string? Context { get; init; }
}
