using Latecomer.Runtime;

namespace Latecomer.Tests.Simulation;

/// <summary>How long the simulated cluster keeps things: in many seeds so short that something is removed all the time.</summary>
internal static class Retention
{
    private const ulong OtherStream = 0x5EED0FEE9;

    /// <summary>Replies shorter than that are asked for again after they were removed.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromDays(30);

    public static RuntimeSettings Draw(ulong seed)
    {
        var random = new SeededRandom(seed ^ OtherStream);
        return new RuntimeSettings
        {
            RepliesKept = random.Pick([Usual, Usual, TimeSpan.FromHours(6)]),
            JournalKept = random.Pick([TimeSpan.Zero, TimeSpan.FromMinutes(10), TimeSpan.FromDays(90)]),
            HistoryKept = random.Pick([TimeSpan.Zero, TimeSpan.FromHours(1), TimeSpan.FromDays(90)]),
        };
    }
}
