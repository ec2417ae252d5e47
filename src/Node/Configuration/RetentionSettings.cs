using Latecomer.Node.Cli;
using Latecomer.Runtime;

namespace Latecomer.Node.Configuration;

/// <summary>How long is kept what only grows.</summary>
internal static class RetentionSettings
{
    private static readonly TimeSpan LeastForReplies = TimeSpan.FromMinutes(1);

    private static readonly Setting Replies = new(
        "keep-replies", "time", "How long the reply to a request is kept, so that asking again by the same id changes nothing; at least 1m, or 'forever'. By default 7d.");

    private static readonly Setting Journal = new("keep-journal", "time", "How long the journal is kept, or 'forever'. By default 90d.");

    private static readonly Setting History = new(
        "keep-history", "time", "How long a try of a task is kept after the next one began, and a command's record after it was given, or 'forever'. By default 90d.");

    /// <summary>They.</summary>
    public static IReadOnlyList<Setting> All { get; } = [Replies, Journal, History];

    /// <summary>Reads them.</summary>
    /// <exception cref="Refusal">One is wrong.</exception>
    public static RuntimeSettings Read(SettingSources sources, RuntimeSettings usual)
    {
        var kept = usual with
        {
            RepliesKept = sources.Get(Replies, SettingText.Kept, usual.RepliesKept),
            JournalKept = sources.Get(Journal, SettingText.Kept, usual.JournalKept),
            HistoryKept = sources.Get(History, SettingText.Kept, usual.HistoryKept),
        };
        if (kept.RepliesKept < LeastForReplies)
        {
            throw sources.Wrong(Replies, "replies are kept for a minute at least, or who asks again by the same id would be applied twice.");
        }

        // So that what is kept for seconds is not kept for half a minute.
        var shortest = new[] { kept.RepliesKept, kept.JournalKept, kept.HistoryKept }.Min();
        return kept with { HousekeepingInterval = shortest < usual.HousekeepingInterval ? shortest : usual.HousekeepingInterval };
    }
}
