using Latecomer.Runtime;

namespace Latecomer.Tests.Integration.Runtime.Postgres.Interleaving;

/// <summary>Two transactions, and the order in which their statements are begun. One that waits is skipped until it goes on.</summary>
internal static class Script
{
    public static Incarnation First { get; } = new(new Guid(1, 0, 0, new byte[8]));

    public static Incarnation Second { get; } = new(new Guid(2, 0, 0, new byte[8]));

    public static Lease Lease { get; } = new(new ShardId(7), 1, First);

    public static ActorId Actor { get; } = new("Toy", "alice");

    public static TurnBatch Consuming { get; } = Batch();

    /// <summary>Every order of two transactions' statements: which of the two is next, one letter each.</summary>
    public static IEnumerable<string> Orders(int first, int second) =>
        first == 0 ? [new string('2', second)]
        : second == 0 ? [new string('1', first)]
        : Orders(first - 1, second).Select(o => '1' + o).Concat(Orders(first, second - 1).Select(o => '2' + o));

    /// <summary>Plays one.</summary>
    /// <returns>What each statement came to, in the order in which that was known.</returns>
    public static async Task<List<string>> Play(IScriptedSession[] sessions, string[][] statements, string order)
    {
        var told = new List<string>();
        var waiting = new Dictionary<int, (string Statement, Task<string> Answer)>();
        var next = new int[2];
        var left = order.Select(c => c - '1').ToList();
        while (left.Count > 0 || waiting.Count > 0)
        {
            var at = left.FindIndex(s => !waiting.ContainsKey(s));
            if (at >= 0)
            {
                var (session, statement) = (left[at], statements[left[at]][next[left[at]]++]);
                left.RemoveAt(at);
                waiting[session] = (statement, sessions[session].Do(statement));
                told.Add(await sessions[session].Settle(waiting[session].Answer) ? $"{session + 1} begins {statement}" : $"{session + 1} waits in {statement}");
            }

            foreach (var (session, (statement, answer)) in waiting.OrderBy(w => w.Key).ToList())
            {
                if (await sessions[session].Settle(answer))
                {
                    told.Add($"{session + 1} {statement}: {await answer}");
                    waiting.Remove(session);
                }
            }

            if (at < 0 && waiting.Count == 2)
            {
                throw new InvalidOperationException($"Both wait: {string.Join(", ", told)}");
            }
        }

        return told;
    }

    private static TurnBatch Batch()
    {
        var batch = new TurnBatch(Lease, DateTimeOffset.UnixEpoch);
        batch.Consumed.Add(1);
        return batch;
    }
}
