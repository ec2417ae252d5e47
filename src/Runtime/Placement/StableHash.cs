using System.Text;

namespace Latecomer.Runtime;

/// <summary>A 64-bit hash that is the same in every process and build: FNV-1a over UTF-8, finished by the mixer of
/// SplitMix64 so that names that differ in their last letter spread.</summary>
public static class StableHash
{
    private const int FewBytes = 256;
    private const ulong Offset = 14695981039346656037;
    private const ulong Prime = 1099511628211;
    private const ulong Golden = 0x9E3779B97F4A7C15;

    /// <summary>The hash of <paramref name="text"/>.</summary>
    public static ulong Of(string text)
    {
        var hash = Offset;
        Span<byte> few = stackalloc byte[FewBytes];
        foreach (var b in Encoding.UTF8.TryGetBytes(text, few, out var written) ? few[..written] : Encoding.UTF8.GetBytes(text))
        {
            hash = (hash ^ b) * Prime;
        }

        return Mix(hash);
    }

    /// <summary>The hash of a hash and a number.</summary>
    public static ulong Of(ulong hash, int number) => Mix(hash + ((ulong)number * Golden));

    private static ulong Mix(ulong hash)
    {
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EB;
        return hash ^ (hash >> 31);
    }
}
