namespace Latecomer.Tests.Nemesis;

/// <summary>One thing that a transaction did, as PostgreSQL's own log of it says.</summary>
internal abstract record WalChange
{
    private WalChange()
    {
    }

    /// <summary>A row came to be, or became this.</summary>
    /// <param name="Table">Its table, without the schema.</param>
    /// <param name="IsNew">Whether it was inserted.</param>
    /// <param name="Values">Its columns; one whose long value stayed as it was is missing.</param>
    public sealed record Put(string Table, bool IsNew, IReadOnlyDictionary<string, string?> Values) : WalChange;

    /// <summary>A row went.</summary>
    /// <param name="Table">Its table, without the schema.</param>
    /// <param name="Key">Its primary key.</param>
    public sealed record Removed(string Table, IReadOnlyDictionary<string, string?> Key) : WalChange;

    /// <summary>Somebody wrote a message into the log.</summary>
    /// <param name="Prefix">What kind.</param>
    /// <param name="Content">What it says.</param>
    public sealed record Said(string Prefix, string Content) : WalChange;
}

/// <summary>A transaction that became durable, in the order of commits.</summary>
/// <param name="Id">The server's number of it.</param>
/// <param name="At">When, by the server's clock.</param>
/// <param name="Changes">What it did, in order.</param>
internal sealed record WalTransaction(long Id, DateTimeOffset At, IReadOnlyList<WalChange> Changes);
