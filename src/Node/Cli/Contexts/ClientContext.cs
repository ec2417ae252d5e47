namespace Latecomer.Node.Cli;

/// <summary>A named place that commands may be sent to.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Server">The node's address.</param>
/// <param name="Token">What the node knows the caller by; null if it asks for nothing.</param>
/// <param name="Ca">The file with the certificates that the node's is checked against; null for those of the system.</param>
internal sealed record ClientContext(string Name, Uri Server, string? Token, string? Ca);
