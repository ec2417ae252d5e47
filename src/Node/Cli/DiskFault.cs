namespace Latecomer.Node.Cli;

/// <summary>Says for people what the operating system says of a disk.</summary>
internal static class DiskFault
{
    // What .NET leaves in HResult on Unix: errno(3).
    private const int NoSpace = 28;
    private const int ReadOnly = 30;
    private const int OverQuota = 122;

    /// <summary>What was wrong, and what to do.</summary>
    public static string Explain(IOException fault) => fault.HResult switch
    {
        NoSpace or OverQuota => $"The disk is full: {Sentence(fault)} What was acknowledged is kept. Free some space, then type this again.",
        ReadOnly => $"The disk is read-only: {Sentence(fault)} Nothing was changed.",
        _ => fault.Message,
    };

    private static string Sentence(IOException fault) => fault.Message.EndsWith('.') ? fault.Message : $"{fault.Message}.";
}
