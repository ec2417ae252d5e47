namespace Latecomer.DeltaLog;

/// <summary>A named configuration of the table (PROTOCOL.md, "Domain Metadata").</summary>
/// <param name="Domain">The name.</param>
/// <param name="Configuration">Its text, in whatever form the domain uses.</param>
/// <param name="Removed">Whether this action takes the domain away.</param>
public sealed record DomainMetadata(string Domain, string Configuration, bool Removed) : DeltaAction;
