namespace Latecomer.Node.Grpc;

/// <summary>The tries that callers count.</summary>
internal static class TryNumbers
{
    private const int Largest = 1_000_000;

    /// <summary>A try as a request has it; the first when it says nothing.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static int Of(int number) => number switch
    {
        0 => 1,
        > 0 and <= Largest => number,
        _ => throw new FormatException($"try_number is from 1 to {Largest}, or 0 for the first; not {number}."),
    };
}
