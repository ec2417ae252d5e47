using System.Collections.Immutable;

namespace Latecomer.Actors;

/// <summary>Lists keys of a projection that begin with a text, in order, as far as turns have committed.</summary>
/// <param name="Projection">The projection.</param>
/// <param name="Prefix">What they begin with.</param>
/// <param name="After">Those above this; null for all.</param>
/// <param name="Limit">How many at the most.</param>
public sealed record ListRows(string Projection, string Prefix, string? After, int Limit)
{
    /// <summary>The activity's kind.</summary>
    public const string Kind = "list_rows";
}

/// <summary>The keys that were found.</summary>
public sealed record ListedRows(ImmutableArray<string> Keys);
