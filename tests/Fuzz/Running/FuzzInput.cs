namespace Latecomer.Tests.Fuzz;

/// <summary>A parser under test.</summary>
internal interface IFuzzTarget
{
    /// <summary>What the inputs are made of, for people.</summary>
    string Corpus { get; }

    /// <summary>What <see cref="FuzzInput.IsSound"/> says, for people.</summary>
    string FirstCheck { get; }

    /// <summary>Makes an input. The same numbers make the same one.</summary>
    FuzzInput Make(SeededRandom random);
}

/// <summary>One input, and how it is read.</summary>
internal abstract class FuzzInput
{
    /// <summary>What it was made of and how, for people.</summary>
    public required string What { get; init; }

    /// <summary>Its size.</summary>
    public required long Bytes { get; init; }

    /// <summary>Memory that it may take from pools, by the options that it is read with. It shows in what is allocated only while the pools grow.</summary>
    public virtual long PooledBytes => 0;

    /// <summary>Its files, to be kept.</summary>
    public abstract IEnumerable<KeyValuePair<string, byte[]>> Files { get; }

    /// <summary>Reads it as what it was made of is read: what <see cref="Read"/> must say too where the change was harmless; null where it was not.</summary>
    public abstract ulong? Expected();

    /// <summary>Whether it passes the first structural check.</summary>
    public abstract bool IsSound();

    /// <summary>Reads it, and sums the answer up.</summary>
    /// <exception cref="Latecomer.Parquet.ParquetException">It is refused.</exception>
    /// <exception cref="Latecomer.DeltaLog.DeltaException">It is refused.</exception>
    public abstract ulong Read();
}
