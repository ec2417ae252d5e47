using System.Collections.Concurrent;
using System.Collections.Immutable;
using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.DeltaLog;
using Latecomer.Runtime;

namespace Latecomer.Activities;

/// <summary>Reads what the partitions of a table hold at a version. A snapshot is rebuilt for the first page and kept for those that follow.</summary>
internal sealed class ReadBaselineHandler(DatasetFolder dataset, TimeProvider time, Func<Guid> newId) : ActivityHandler<ReadBaseline, BaselineRead>
{
    private readonly ConcurrentDictionary<TablePath, Listing> _listings = [];

    public override string Kind => ReadBaseline.Kind;

    protected override Task<BaselineRead> Run(ReadBaseline input, ActivityAssignment assignment, CancellationToken stop) =>
        ActivityFaults.Explain($"The partitions of {input.Table} could not be read", async () =>
        {
            try
            {
                return await ReadPage(input, stop);
            }
            catch (DeltaException error)
            {
                return new BaselineRead("", input.Version ?? -1, [], AtEnd: true, SeenCommits.ProblemOf(error));
            }
        });

    private async Task<BaselineRead> ReadPage(ReadBaseline input, CancellationToken stop)
    {
        var log = new LocalLogStore(dataset.FolderOf(input.Table), time);
        var isKnown = _listings.TryRemove(input.Table, out var known) && input.Offset > 0 && known.Version == input.Version;
        var listing = isKnown ? known! : await List(new DeltaTable(log, time, newId), input.Version, stop);
        var page = ImmutableArray.CreateBuilder<PartitionBaseline>();
        page.AddRange(listing.Partitions.Skip(input.Offset).Take(input.Limit));

        var atEnd = input.Offset + page.Count >= listing.Partitions.Length;
        if (!atEnd)
        {
            _listings[input.Table] = listing;
        }

        return new BaselineRead(listing.TableId, listing.Version, page.DrainToImmutable(), atEnd, Problem: null, listing.Fingerprint);
    }

    private static async Task<Listing> List(DeltaTable table, long? version, CancellationToken stop)
    {
        var listing = await table.ReadPartitions(version, stop);
        return new Listing(
            listing.Snapshot.TableId,
            listing.Snapshot.Version,
            listing.Snapshot.Position.Fingerprint,
            [.. listing.Partitions.Order(PartitionOrder.Instance).Select(partition => Of(listing, partition))]);
    }

    /// <summary>What a partition holds. A change that only a checkpoint knows of may be as late as the oldest commit that is left.</summary>
    private static PartitionBaseline Of(PartitionListing listing, PartitionValues partition)
    {
        var (summary, change) = (listing.SummaryOf(partition), listing.LastDataChangeOf(partition));
        return new PartitionBaseline(
            SeenCommits.ValuesOf(partition, listing.Snapshot.Mapping),
            summary.ActiveFiles,
            summary.Rows,
            change?.Version ?? listing.UnknownUpTo,
            change?.At ?? DateTimeOffset.UnixEpoch);
    }

    private sealed record Listing(string TableId, long Version, string? Fingerprint, ImmutableArray<PartitionBaseline> Partitions);
}
