namespace Latecomer.Tests.Simulation;

/// <summary>The one source of chance: the same seed gives the same numbers in every process and on every version of .NET (SplitMix64).</summary>
internal sealed class SeededRandom(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>From 0 to <paramref name="bound"/> - 1.</summary>
    public int Below(int bound) => (int)(Next() % (ulong)bound);

    /// <summary>Both ends included.</summary>
    public int Between(int from, int to) => from + Below(to - from + 1);

    /// <summary>True so often in a thousand.</summary>
    public bool PerMille(int chances) => Below(1000) < chances;

    public bool Half() => Below(2) == 0;

    public T Pick<T>(IReadOnlyList<T> from) => from[Below(from.Count)];

    public Guid NewGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, Next());
        BitConverter.TryWriteBytes(bytes[8..], Next());
        return new Guid(bytes);
    }

    /// <summary>Another stream of numbers, so that what draws from it does not move what draws from this one.</summary>
    public SeededRandom Fork() => new(Next());
}
