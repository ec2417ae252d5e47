using System.Collections.Immutable;
using Latecomer.Contracts;

namespace Latecomer.Actors;

/// <summary>The tokens that are good.</summary>
/// <param name="Tokens">They, by id.</param>
public sealed record AccessState(ImmutableSortedDictionary<string, AccessToken> Tokens)
{
    /// <summary>How many there may be.</summary>
    public const int MostTokens = 200;

    /// <summary>None.</summary>
    public static AccessState Empty { get; } = new(ImmutableSortedDictionary<string, AccessToken>.Empty);
}

/// <summary>A token, without its secret.</summary>
/// <param name="Hash">By which it is known.</param>
/// <param name="Name">Whose it is, for people.</param>
/// <param name="Role">What its bearer may do.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">Until when it is good; null for ever.</param>
public sealed record AccessToken(TokenHash Hash, TokenName Name, AccessRole Role, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt);
