using Latecomer.DeltaLog;
using Latecomer.Parquet;

namespace Latecomer.Tests.Fuzz;

/// <summary>How reading an input ended.</summary>
internal abstract record Outcome
{
    private Outcome()
    {
    }

    public static Outcome Of(Func<ulong> read)
    {
        try
        {
            return new Answer(read());
        }
        catch (ParquetException error)
        {
            return new Refusal($"{error.Kind}", error);
        }
        catch (DeltaException error)
        {
            return new Refusal($"{error.Class}", error);
        }
        catch (Exception error)
        {
            return new Crash(error);
        }
    }

    /// <summary>With what it holds, summed up.</summary>
    public sealed record Answer(ulong Digest) : Outcome;

    /// <summary>With an error of a class.</summary>
    public sealed record Refusal(string Class, Exception Error) : Outcome;

    /// <summary>With anything else, which must not be.</summary>
    public sealed record Crash(Exception Error) : Outcome;
}
