namespace Latecomer.Node.Cli;

/// <summary>What a word may become.</summary>
/// <param name="Value">The whole word.</param>
/// <param name="Description">What it is, in some words; empty if that is plain.</param>
internal sealed record Candidate(string Value, string Description = "");
