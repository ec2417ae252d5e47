using System.Globalization;
using System.Text;
using Latecomer.Runtime;

namespace Latecomer.Node.Grpc;

/// <summary>Pages of a projection. A token names the last key of the page before, so a page neither skips nor repeats what stays.</summary>
internal static class Pages
{
    private const int DefaultSize = 100;
    private const int LargestSize = 1000;

    /// <summary>How many rows one call looks at, so that a filter which few rows pass costs a call no more than a page.</summary>
    private const int MostLookedAt = 5000;

    /// <summary>Reads a page of the rows whose keys begin with <paramref name="prefix"/>.</summary>
    /// <exception cref="FormatException">The size or the token is wrong.</exception>
    public static async Task<(IReadOnlyList<T> Rows, string NextToken)> Read<T>(
        IProjectionStore rows, string projection, string prefix, int size, string token, CancellationToken cancellation)
    {
        var limit = LimitOf(size);
        var page = await rows.List(projection, prefix, KeyOf(token, prefix), limit + 1, cancellation);
        var shown = page.Take(limit).ToList();
        return ([.. shown.Select(r => r.As<T>())], page.Count > limit ? TokenOf(shown[^1].Key) : "");
    }

    /// <summary>Reads a page of the rows whose keys lie in a range, of those that are wanted. A page may be short, or empty, and not be the last: what follows it begins at its token.</summary>
    /// <exception cref="FormatException">The size or the token is wrong.</exception>
    public static async Task<(IReadOnlyList<T> Rows, string NextToken)> Read<T>(
        IProjectionStore rows, string projection, KeyRange keys, Func<T, bool> wanted, int size, string token, CancellationToken cancellation)
    {
        var limit = LimitOf(size);
        var after = KeyOf(token, keys.Prefix);
        after = string.CompareOrdinal(after, keys.After) > 0 ? after : keys.After;
        var shown = new List<T>();
        for (var looked = 0; looked < MostLookedAt;)
        {
            var room = looked == 0 ? limit + 1 : LargestSize;
            var chunk = await rows.List(projection, keys.Prefix, after, room, cancellation);
            foreach (var row in chunk.TakeWhile(r => keys.Contains(r.Key)))
            {
                if (row.As<T>() is var item && wanted(item))
                {
                    if (shown.Count == limit)
                    {
                        return (shown, TokenOf(after!));
                    }

                    shown.Add(item);
                }

                after = row.Key;
            }

            if (chunk.Count < room || !keys.Contains(chunk[^1].Key))
            {
                return (shown, "");
            }

            looked += chunk.Count;
        }

        return (shown, TokenOf(after!));
    }

    /// <summary>A page of a list whose items are numbered. <paramref name="read"/> gives those after a number, in order, at most so many.</summary>
    /// <exception cref="FormatException">The size or the token is wrong.</exception>
    public static async Task<(IReadOnlyList<T> Items, string NextToken)> Read<T>(
        Func<long, int, ValueTask<IReadOnlyList<T>>> read, Func<T, long> numberOf, int size, string token)
    {
        var limit = LimitOf(size);
        var after = KeyOf(token, prefix: "") is not { } key ? 0
            : long.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw Unknown();
        var page = await read(after, limit + 1);
        var shown = page.Take(limit).ToList();
        return (shown, page.Count > limit ? TokenOf(numberOf(shown[^1]).ToString(CultureInfo.InvariantCulture)) : "");
    }

    /// <summary>How many rows a page of that size has at most.</summary>
    /// <exception cref="FormatException">The size is wrong.</exception>
    public static int LimitOf(int size) => size switch
    {
        < 0 or > LargestSize => throw new FormatException($"page_size is from 1 to {LargestSize}, or 0 for {DefaultSize}; not {size}."),
        0 => DefaultSize,
        _ => size,
    };

    /// <summary>A page of a list by keys. <paramref name="read"/> gives those after a key, in order, at most so many.</summary>
    /// <exception cref="FormatException">The size or the token is wrong.</exception>
    public static async Task<(IReadOnlyList<T> Items, string NextToken)> Read<T>(
        Func<string?, int, ValueTask<IReadOnlyList<T>>> read, Func<T, string> keyOf, int size, string token)
    {
        var limit = LimitOf(size);
        var page = await read(KeyOf(token, prefix: ""), limit + 1);
        var shown = page.Take(limit).ToList();
        return (shown, page.Count > limit ? TokenOf(keyOf(shown[^1])) : "");
    }

    private static FormatException Unknown() => new("page_token is not one that this list gave.");

    /// <summary>The token of the page after a key.</summary>
    public static string TokenOf(string key) => Convert.ToBase64String(Encoding.UTF8.GetBytes(key));

    /// <summary>The key that a token names; null for the first page.</summary>
    /// <exception cref="FormatException">It is no token, or of another list.</exception>
    public static string? KeyOf(string token, string prefix)
    {
        if (token.Length == 0)
        {
            return null;
        }

        var bytes = new byte[token.Length];
        if (Convert.TryFromBase64String(token, bytes, out var length) && Encoding.UTF8.GetString(bytes, 0, length) is var key && key.StartsWith(prefix, StringComparison.Ordinal))
        {
            return key;
        }

        throw Unknown();
    }
}
