using Latecomer.Node.Protocol;

namespace Latecomer.Node.Cli;

/// <summary>The partitions of a list, and then those that changed, by the stream of what happens to partitions.</summary>
internal static class PartitionChanges
{
    /// <summary>All that a request asks for, and then, step by step, those of them that something happened to, as they are now.</summary>
    public static async IAsyncEnumerable<IReadOnlyList<Partition>> Of(Asked asked, ListPartitionsRequest wanted)
    {
        var isFirst = true;
        var stream = new ChangeStream(asked, "Partitions/Watch", token: "");
        await foreach (var response in stream.Responses<WatchPartitionsResponse>(
            token => new WatchPartitionsRequest { Pipeline = wanted.Pipeline, ResumeToken = token }, response => response.ResumeToken))
        {
            // The first response says from where on the stream tells: what is listed after it lacks nothing.
            var now = isFirst ? await All(asked, wanted) : await Changed(asked, wanted, response);
            if (isFirst || now.Count > 0)
            {
                yield return now;
            }

            isFirst = false;
        }
    }

    private static async Task<IReadOnlyList<Partition>> All(Asked asked, ListPartitionsRequest wanted)
    {
        var listing = ListPartitionsCommand.Of(wanted);
        return (await asked.All(listing.Method, listing.Ask, listing.NextOf)).Partitions;
    }

    private static async Task<IReadOnlyList<Partition>> Changed(Asked asked, ListPartitionsRequest wanted, WatchPartitionsResponse response)
    {
        var partitions = new List<Partition>();
        foreach (var date in response.Changes.Select(c => c.LogicalDate).Distinct(StringComparer.Ordinal))
        {
            var partition = await asked.Patiently(() => asked.Find<Partition>("Partitions/Get", new GetPartitionRequest { Pipeline = wanted.Pipeline, LogicalDate = date }));
            if (partition is not null && IsWanted(partition, wanted))
            {
                partitions.Add(partition);
            }
        }

        return partitions;
    }

    private static bool IsWanted(Partition partition, ListPartitionsRequest wanted) =>
        (wanted.FromDate.Length == 0 || string.CompareOrdinal(partition.LogicalDate, wanted.FromDate) >= 0)
        && (wanted.ToDate.Length == 0 || string.CompareOrdinal(partition.LogicalDate, wanted.ToDate) <= 0)
        && (!wanted.Late || partition.Late)
        && (!wanted.Held || partition.HeldBy.Length > 0)
        && (!wanted.Claimed || partition.ClaimId.Length > 0)
        && (!wanted.NeedsApproval || partition.NeedsApproval);
}
