using System.Collections.Frozen;
using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Node.Access;

/// <summary>The tokens as a node knows them. Guarantees that one which was revoked is good no longer than <see cref="Believed"/> on any node, and one that is new is found
/// at once, or within <see cref="Patience"/> where somebody tries wrong ones.</summary>
internal sealed class TokenBook(IProjectionStore rows, TimeProvider time) : IDisposable
{
    /// <summary>How long what was read is believed.</summary>
    public static readonly TimeSpan Believed = TimeSpan.FromSeconds(2);

    /// <summary>How soon it is read again for a token that is not in it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private readonly SemaphoreSlim _reading = new(1);
    private volatile Page? _page;

    /// <summary>The token whose text this is; null if it is not good.</summary>
    /// <exception cref="StoreFaultException">The tokens cannot be read now.</exception>
    public async ValueTask<AccessToken?> Find(string text, CancellationToken cancellation)
    {
        var hash = TokenHash.Of(text);
        var page = await Read(Believed, cancellation);
        var found = page.Find(hash) ?? (await Read(Patience, cancellation)).Find(hash);
        return found?.ExpiresAt <= time.GetUtcNow() ? null : found;
    }

    /// <summary>Whether there is one that may do everything.</summary>
    public async ValueTask<bool> HasAdmin(CancellationToken cancellation) =>
        (await Read(TimeSpan.Zero, cancellation)).Tokens.Values.Any(t => t.Role == AccessRole.Admin && !(t.ExpiresAt <= time.GetUtcNow()));

    /// <summary>Reads them anew when they are needed next.</summary>
    public void Forget() => _page = null;

    /// <inheritdoc/>
    public void Dispose() => _reading.Dispose();

    private async ValueTask<Page> Read(TimeSpan oldest, CancellationToken cancellation)
    {
        if (_page is { } known && time.GetElapsedTime(known.At) < oldest)
        {
            return known;
        }

        await _reading.WaitAsync(cancellation);
        try
        {
            if (_page is { } meanwhile && time.GetElapsedTime(meanwhile.At) < oldest)
            {
                return meanwhile;
            }

            var at = time.GetTimestamp();
            var read = await rows.List(Projections.Tokens, "", after: null, AccessState.MostTokens, cancellation);
            return _page = new Page(at, read.Select(r => r.As<AccessToken>()).ToFrozenDictionary(t => t.Hash.Id, StringComparer.Ordinal));
        }
        finally
        {
            _reading.Release();
        }
    }

    private sealed record Page(long At, FrozenDictionary<string, AccessToken> Tokens)
    {
        public AccessToken? Find(TokenHash hash) => Tokens.TryGetValue(hash.Id, out var token) && token.Hash.IsSame(hash) ? token : null;
    }
}
