using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Actors;

/// <summary>What the keeper of the tokens is told.</summary>
public abstract record AccessMessage
{
    private AccessMessage()
    {
    }

    /// <summary>A token is good from now on. Answered by its <see cref="AccessToken"/>.</summary>
    public sealed record Create(RequestId Request, TokenHash Hash, TokenName Name, AccessRole Role, DateTimeOffset? ExpiresAt) : AccessMessage;

    /// <summary>A token is good no more. Answered by the <see cref="AccessToken"/> that it was.</summary>
    public sealed record Revoke(RequestId Request, string Id) : AccessMessage;
}

/// <summary>What happens to the tokens.</summary>
public abstract record AccessEntry
{
    private AccessEntry()
    {
    }

    /// <summary>A token was made.</summary>
    public sealed record Created(AccessToken Token) : AccessEntry;

    /// <summary>A token was revoked.</summary>
    public sealed record Revoked(string Id) : AccessEntry;

    /// <summary>A token had expired, and made room.</summary>
    public sealed record Expired(string Id) : AccessEntry;
}
