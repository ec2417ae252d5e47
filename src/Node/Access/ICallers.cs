using System.Security.Cryptography.X509Certificates;
using Latecomer.Contracts;
using Latecomer.Node.Hints;

namespace Latecomer.Node.Access;

/// <summary>Says who a caller is.</summary>
internal interface ICallers
{
    /// <summary>The caller; null if it has to prove who it is, and does not.</summary>
    /// <param name="token">The token that it sent, if any.</param>
    /// <param name="certificate">The certificate by which its connection was let in, if any.</param>
    /// <param name="address">Where it is.</param>
    /// <param name="cancellation">Gives up.</param>
    ValueTask<Caller?> Find(string? token, X509Certificate2? certificate, string address, CancellationToken cancellation);
}

/// <summary>Where nothing is asked of callers: they are on this machine.</summary>
internal sealed class OpenToAll : ICallers
{
    /// <inheritdoc/>
    public ValueTask<Caller?> Find(string? token, X509Certificate2? certificate, string address, CancellationToken cancellation) =>
        ValueTask.FromResult<Caller?>(new Caller(Caller.Anyone, AccessRole.Admin, address, address));
}

/// <summary>Where callers are known by their tokens; other nodes of the cluster by one that follows from its secret.</summary>
internal sealed class KnownByToken(TokenBook book, ClusterSecret? secret) : ICallers
{
    /// <inheritdoc/>
    public async ValueTask<Caller?> Find(string? token, X509Certificate2? certificate, string address, CancellationToken cancellation)
    {
        if (token is null)
        {
            return null;
        }

        if (secret is not null && secret.IsNodeToken(token))
        {
            return new Caller(Caller.Node, AccessRole.Viewer, address, Caller.Node);
        }

        return await book.Find(token, cancellation) is { } known ? new Caller(known.Name.Value, known.Role, address, known.Hash.Id) : null;
    }
}
