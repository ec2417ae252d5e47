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
        var listing = isKnown ? known! : List(await new DeltaTable(log, time, newId).ReadSnapshot(input.Version, stop));
        var page = ImmutableArray.CreateBuilder<PartitionBaseline>();
        foreach (var (partition, summary) in listing.Partitions.Skip(input.Offset).Take(input.Limit))
        {
            // A change that only a checkpoint knows of may be as late as the version that was read.
            var version = summary.LastDataChange ?? listing.Version;
            var at = summary.LastDataChangeTime ?? (await log.TryStat(LogFile.CommitName(version), stop))?.LastModified;
            page.Add(new PartitionBaseline(
                SeenCommits.ValuesOf(partition), summary.ActiveFiles, summary.Rows, version, at ?? DateTimeOffset.UnixEpoch));
        }

        var atEnd = input.Offset + page.Count >= listing.Partitions.Length;
        if (!atEnd)
        {
            _listings[input.Table] = listing;
        }

        return new BaselineRead(listing.TableId, listing.Version, page.DrainToImmutable(), atEnd, Problem: null);
    }

    private static Listing List(Snapshot snapshot) => new(
        snapshot.TableId, snapshot.Version, [.. snapshot.Partitions.OrderBy(p => p.Key, PartitionOrder.Instance)]);

    private sealed record Listing(string TableId, long Version, ImmutableArray<KeyValuePair<PartitionValues, PartitionSummary>> Partitions);
}
