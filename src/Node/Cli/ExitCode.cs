namespace Latecomer.Node.Cli;

/// <summary>What the program's exit codes mean; documented, so that scripts can tell them apart.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Ok = 0;

    /// <summary>Refused or failed; the sentence on stderr says why.</summary>
    public const int Failed = 1;

    /// <summary>The command line or a file given on it is wrong; nothing was tried.</summary>
    public const int Usage = 2;

    /// <summary>The node does not answer.</summary>
    public const int Unreachable = 3;

    /// <summary>The data folder is another's: not latecomer's, in use, a cluster's or not a cluster's, or of a newer build.</summary>
    public const int FolderRefused = 4;

    /// <summary>The demo's outcome is not the expected one.</summary>
    public const int Differs = 5;

    /// <summary>The database refuses us, and waiting would not help: a wrong password, a database that does not exist, a newer schema.</summary>
    public const int StoreRefused = 6;

    /// <summary>Something that cannot happen did: a fault of the program.</summary>
    public const int Fault = 70;

    /// <summary>Interrupted by the user.</summary>
    public const int Interrupted = 130;

    /// <summary>All of them with what they mean, as the page on operations has them too.</summary>
    public static IReadOnlyList<(int Code, string Meaning)> Meanings { get; } =
    [
        (Ok, "done; of a node: it handed over and ended"),
        (Failed, "refused or failed"),
        (Usage, "the command line, or a file given on it, is wrong; nothing was tried"),
        (Unreachable, "no node answers"),
        (FolderRefused, "the data folder is not ours, in use, a cluster's or not a cluster's, or of a newer build"),
        (Differs, "the demo's outcome is not the expected one"),
        (StoreRefused, "the database refuses us, and waiting would not help"),
        (Fault, "something that cannot happen did: please report it"),
        (Interrupted, "interrupted"),
    ];
}
