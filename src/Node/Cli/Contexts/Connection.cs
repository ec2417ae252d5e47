namespace Latecomer.Node.Cli;

/// <summary>Which node a command asks, and how.</summary>
/// <param name="Server">The node's address.</param>
/// <param name="Token">What the node knows the caller by; null for nothing.</param>
/// <param name="Ca">The file with the certificates that the node's is checked against; null for those of the system.</param>
internal sealed record Connection(Uri Server, string? Token = null, string? Ca = null)
{
    /// <summary>How long to wait for an answer; null for the client's own patience.</summary>
    public TimeSpan? Wait { get; init; }

    /// <summary>The context that it comes from; null if from none.</summary>
    public string? Context { get; init; }
}
