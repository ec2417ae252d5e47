using System.Text.Encodings.Web;
using System.Text.Json;

namespace Latecomer.DeltaLog;

/// <summary>The commits of the table's operations, worded as Spark words them.</summary>
internal static class TableWrites
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static CommitProposal Create(Metadata metadata, IReadOnlyList<AddFile> files, CommitOrigin origin) =>
        Write("ErrorIfExists", metadata, ReadAssumption.None, files, [], origin, [DemandedFeatures.ProtocolOf(metadata), metadata]);

    internal static CommitProposal Append(Snapshot read, IReadOnlyList<AddFile> files, CommitOrigin origin) =>
        Write("Append", read.Metadata, ReadAssumption.None, files, [], origin, []);

    internal static CommitProposal Overwrite(Snapshot read, PartitionValues partition, IReadOnlyList<AddFile> files, CommitOrigin origin, DateTimeOffset now)
    {
        if (files.FirstOrDefault(file => !file.PartitionValues.Equals(partition)) is { } stray)
        {
            throw new ArgumentException($"file {stray.Path} lies in partition {stray.PartitionValues}, not in {partition}", nameof(files));
        }

        RemoveFile[] removed = [.. read.FilesOf(partition).Select(file => RemoveFile.Of(file, now))];
        var reads = new ReadAssumption.Partitions(new HashSet<PartitionValues> { partition });
        var proposal = Write("Overwrite", read.Metadata, reads, files, removed, origin, []);
        return proposal with
        {
            OperationParameters = new Dictionary<string, string?>(proposal.OperationParameters, StringComparer.Ordinal) { ["predicate"] = Predicate(read.Metadata, partition) },
        };
    }

    internal static CommitProposal Change(Snapshot read, MetadataChange change, CommitOrigin origin) => new()
    {
        Actions = [change.Apply(read), .. origin.Transaction is { } txn ? [txn] : Array.Empty<DeltaAction>(), .. origin.Marks],
        Reads = ReadAssumption.None,
        Operation = change.Operation,
        OperationParameters = new Dictionary<string, string?>([change.Parameter], StringComparer.Ordinal),
        Tags = origin.Tags ?? new Dictionary<string, string?>(StringComparer.Ordinal),
    };

    private static void RequirePartitioned(Metadata metadata, IReadOnlyList<AddFile> added)
    {
        if (added.FirstOrDefault(file => file.PartitionValues.Count != metadata.PartitionColumns.Count
            || !metadata.PartitionColumns.All(column => file.PartitionValues.TryGetValue(column, out _))) is { } stray)
        {
            throw new ArgumentException(
                $"file {stray.Path} lies in partition {stray.PartitionValues}, and the table is partitioned by ({string.Join(", ", metadata.PartitionColumns)})",
                nameof(added));
        }
    }

    private static CommitProposal Write(
        string mode,
        Metadata metadata,
        ReadAssumption reads,
        IReadOnlyList<AddFile> added,
        IReadOnlyList<RemoveFile> removed,
        CommitOrigin origin,
        IReadOnlyList<DeltaAction> definition)
    {
        RequirePartitioned(metadata, added);
        return new CommitProposal
        {
            Actions = [.. definition, .. origin.Transaction is { } txn ? [txn] : Array.Empty<DeltaAction>(), .. origin.Marks, .. added, .. removed],
            Reads = reads,
            Operation = "WRITE",
            OperationParameters = new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["mode"] = mode,
                ["partitionBy"] = JsonSerializer.Serialize(metadata.PartitionColumns, Relaxed),
            },
            OperationMetrics = new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["numFiles"] = added.Count.ToString(),
                ["numOutputRows"] = added.Sum(file => file.NumRecords ?? 0).ToString(),
                ["numOutputBytes"] = added.Sum(file => file.Size ?? 0).ToString(),
            },
            Tags = origin.Tags ?? new Dictionary<string, string?>(StringComparer.Ordinal),
        };
    }

    private static string Predicate(Metadata metadata, PartitionValues partition) => JsonSerializer.Serialize(
        metadata.PartitionColumns.Select(column => partition[column] is { } value
            ? $"({column} = '{value.Replace("'", "''", StringComparison.Ordinal)}')"
            : $"({column} IS NULL)"),
        Relaxed);
}
