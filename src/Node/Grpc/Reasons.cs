namespace Latecomer.Node.Grpc;

/// <summary>What people say of why they decide something.</summary>
internal static class Reasons
{
    private const int Characters = 1_000;

    /// <summary>A reason as a request has it; it is kept with the partition, which is bounded.</summary>
    /// <exception cref="FormatException">It is too long.</exception>
    public static string Of(string reason) =>
        reason.Length <= Characters ? reason : throw new FormatException($"reason has {reason.Length} characters, and at most {Characters} are kept: say it more shortly.");
}
