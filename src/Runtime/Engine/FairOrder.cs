namespace Latecomer.Runtime;

/// <summary>The order in which the work of a shard is taken up: timers first, then one message of each actor in turn, so that
/// a hot actor does not hold up the others. Messages of one actor stay in their order; requests that were offered come behind them.</summary>
internal static class FairOrder
{
    public static IEnumerable<WorkItem> Of(ShardWork work, IReadOnlyCollection<OfferedRequest> offered)
    {
        foreach (var timer in work.Timers)
        {
            yield return new WorkItem.Alarm(timer);
        }

        var rounds = new List<List<WorkItem>>();
        var seen = new Dictionary<ActorId, int>();
        foreach (var item in Messages(work, offered))
        {
            var round = seen.GetValueOrDefault(item.Actor);
            seen[item.Actor] = round + 1;
            if (round == rounds.Count)
            {
                rounds.Add([]);
            }

            rounds[round].Add(item);
        }

        foreach (var item in rounds.SelectMany(r => r))
        {
            yield return item;
        }
    }

    private static IEnumerable<WorkItem> Messages(ShardWork work, IEnumerable<OfferedRequest> offered)
    {
        foreach (var mail in work.Mail)
        {
            yield return new WorkItem.Letter(mail);
        }

        foreach (var request in offered)
        {
            yield return new WorkItem.Offer(request);
        }
    }
}
