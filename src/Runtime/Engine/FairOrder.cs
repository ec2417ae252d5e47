namespace Latecomer.Runtime;

/// <summary>The order in which the work of a shard is taken up: timers first, then one message of each actor in turn, so that
/// a hot actor does not hold up the others. Messages of one actor stay in their order.</summary>
internal static class FairOrder
{
    public static IEnumerable<WorkItem> Of(ShardWork work)
    {
        foreach (var timer in work.Timers)
        {
            yield return new WorkItem.Alarm(timer);
        }

        var rounds = new List<List<Mail>>();
        var seen = new Dictionary<ActorId, int>();
        foreach (var mail in work.Mail)
        {
            var round = seen.GetValueOrDefault(mail.To);
            seen[mail.To] = round + 1;
            if (round == rounds.Count)
            {
                rounds.Add([]);
            }

            rounds[round].Add(mail);
        }

        foreach (var mail in rounds.SelectMany(r => r))
        {
            yield return new WorkItem.Letter(mail);
        }
    }
}
