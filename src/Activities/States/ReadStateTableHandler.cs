using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.DeltaLog;
using Latecomer.Parquet;
using Latecomer.Runtime;

namespace Latecomer.Activities;

/// <summary>Reads a table of states, as jobs on Spark keep them: a row for each partition, with the version at which it was processed last. A partition that is being processed
/// for the first time has none yet, and is left out; one that is being processed again counts as it was before. What cannot be is refused, whole.</summary>
internal sealed class ReadStateTableHandler(DatasetFolder dataset, TimeProvider time, Func<Guid> newId) : ActivityHandler<ReadStateTable, StateTableRead>
{
    private const string PartitionColumn = "partition";
    private const string VersionColumn = "lastProcessedVersion";

    private static readonly SchemaField[] Columns =
    [
        new(PartitionColumn, new DataType.Primitive("string")), new("isProcessed", new DataType.Primitive("boolean")), new(VersionColumn, new DataType.Primitive("long")),
    ];

    public override string Kind => ReadStateTable.Kind;

    protected override Task<StateTableRead> Run(ReadStateTable input, ActivityAssignment assignment, CancellationToken stop) =>
        ActivityFaults.Explain($"The table of states {input.Table} could not be read", async () =>
        {
            var table = await DeltaTable.At(dataset.FolderOf(input.Table), time, newId).ReadSnapshot(version: null, stop);
            return ColumnFault(input.Table, table) is { } fault ? Refuse(fault) : await Read(input, table, stop);
        });

    private static string? ColumnFault(TablePath path, Snapshot table)
    {
        var fields = table.Metadata.Schema.Fields;
        var wanted = string.Join(", ", Columns.Select(c => $"{c.Name} {c.Type}"));
        var other = fields.FirstOrDefault(f => !Columns.Any(c => c.Name == f.Name && c.Type == f.Type));
        return other is not null ? $"The table of states {path} has a column {other.Name} {other.Type}: its columns are {wanted}."
            : Columns.FirstOrDefault(c => fields.All(f => f.Name != c.Name)) is { } missing ? $"The table of states {path} has no column {missing.Name}: its columns are {wanted}."
            : null;
    }

    private async Task<StateTableRead> Read(ReadStateTable input, Snapshot table, CancellationToken stop)
    {
        var versions = new SortedDictionary<LogicalDate, long>();
        var reader = DeltaReader.At(dataset.FolderOf(input.Table));
        foreach (var partition in table.Partitions.Keys)
        {
            await foreach (var batch in reader.ReadFiles(table, partition, [PartitionColumn, VersionColumn], stop))
            {
                using (batch)
                {
                    if (RowFault(input, batch, versions) is { } fault)
                    {
                        return Refuse($"The table of states {input.Table} cannot be taken over: {fault}");
                    }
                }
            }
        }

        if (versions.Count == 0)
        {
            return Refuse($"The table of states {input.Table} says of no partition that it was processed.");
        }

        var compact = AdoptedVersions.Of([.. versions.Select(v => (v.Key, v.Value))], input.Definition.Schedule);
        return compact.Runs.Length > AdoptedVersions.MostBytes
            ? Refuse($"The table of states {input.Table} has too many partitions, at versions too far apart, to be taken over at once.")
            : new StateTableRead(Fault: null, compact);
    }

    private static string? RowFault(ReadStateTable input, ColumnBatch batch, SortedDictionary<LogicalDate, long> versions)
    {
        var (definition, primary) = (input.Definition, input.Definition.Primary);
        var (partitions, processed) = ((BinaryColumn)batch.Columns[0], (ValueColumn<long>)batch.Columns[1]);
        for (var row = 0; row < batch.RowCount; row++)
        {
            var partition = partitions.GetString(row);
            if (DateOf(primary, partition) is not { } date)
            {
                return $"'{partition}' is no partition of {primary.Table} by {primary.Column}, such as {primary.PartitionOf(definition.Start)}.";
            }

            if (!definition.Covers(date))
            {
                return $"{partition} is no execution date of {definition.Name}, whose first one is {definition.Schedule.NameOf(definition.Start)}.";
            }

            if (processed[row] is { } version && !(version >= 0 && versions.TryAdd(date, version)))
            {
                return version < 0 ? $"{partition} was processed at version {version}, which no table has." : $"it has more than one row for {partition}.";
            }

            if (versions.Count > Adoption.MostDates)
            {
                return $"it has more than {Adoption.MostDates} partitions.";
            }
        }

        return null;
    }

    private static LogicalDate? DateOf(PipelineInput input, string? partition) =>
        partition?.StartsWith($"{input.Column}=", StringComparison.Ordinal) is true ? input.DateOf(Uri.UnescapeDataString(partition[(input.Column.Length + 1)..])) : null;

    private static StateTableRead Refuse(string fault) => new(fault, Versions: null);
}
