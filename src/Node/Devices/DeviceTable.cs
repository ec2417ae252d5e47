using System.Diagnostics;
using System.Globalization;
using Latecomer.Contracts;
using Latecomer.DeltaLog;
using Latecomer.Node.Cli;
using Latecomer.Parquet;

namespace Latecomer.Node.Devices;

/// <summary>The Delta table of the devices: a partition <c>event_time</c> per day.</summary>
internal sealed class DeviceTable(string folder)
{
    /// <summary>The partition column.</summary>
    public const string PartitionColumn = "event_time";

    private const int BatchRows = 65536;
    private static readonly string[] DataColumns = ["type", "full_name", "version"];

    private static readonly TableDefinition Definition = new(
        new TableSchema([.. DataColumns.Append(PartitionColumn).Select(name => new SchemaField(name, new DataType.Primitive("string")))]),
        [PartitionColumn]);

    private static readonly ParquetSchema Schema = new([.. DataColumns.Select(name => new ParquetColumn(name, new ColumnType.String(), Nullable: true))]);

    /// <summary>A day as the partition column writes it.</summary>
    public static string ValueOf(LogicalDate day) => day.Start.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Appends rows to a day, as one commit; makes the table if there is none. With a <paramref name="transaction"/> that the
    /// table holds already it appends nothing, so the same load can be tried again.</summary>
    /// <returns>The version that holds the rows.</returns>
    /// <exception cref="Refusal">The folder holds something else, or another writer came between too often.</exception>
    /// <exception cref="DeltaException">The table cannot be written.</exception>
    public async Task<long> Append(LogicalDate day, IReadOnlyList<Device> rows, SetTransaction? transaction, CancellationToken cancellation)
    {
        RefuseStrangers();
        var partition = PartitionValues.Of(PartitionColumn, ValueOf(day));
        return await DeltaWriter.At(folder).AppendRows(Definition, partition, Batches(rows), new CommitOrigin(transaction), cancellation) switch
        {
            CommitResult.Committed committed => committed.Version,
            CommitResult.AlreadyCommitted already => already.Version,
            CommitResult.Conflict conflict => throw new Refusal(ExitCode.Failed, $"Nothing was loaded: {conflict.Reason}. Load again."),
            CommitResult.Superseded later => throw new Refusal(ExitCode.Failed, $"Nothing was loaded: a later load ({later.ByTransactionVersion}) came first."),
            _ => throw new UnreachableException(),
        };
    }

    private static async IAsyncEnumerable<ColumnBatch> Batches(IReadOnlyList<Device> rows)
    {
        foreach (var chunk in rows.Chunk(BatchRows))
        {
            yield return new ColumnBatch(Schema, [
                BinaryColumn.From([.. chunk.Select(d => d.Type)]),
                BinaryColumn.From([.. chunk.Select(d => d.FullName)]),
                BinaryColumn.From([.. chunk.Select(d => d.Version)])]);
        }

        await Task.CompletedTask;
    }

    /// <summary>A folder without a log is taken only if nobody else's files are in it; partitions without a log are a first load that was interrupted.</summary>
    private void RefuseStrangers()
    {
        if (File.Exists(folder))
        {
            throw new Refusal(ExitCode.Failed, $"{folder} is a file, not the folder of a Delta table.");
        }

        if (Directory.Exists(folder) && !Directory.Exists(Path.Combine(folder, "_delta_log"))
            && Directory.EnumerateFileSystemEntries(folder).FirstOrDefault(e => !Path.GetFileName(e).StartsWith($"{PartitionColumn}=", StringComparison.Ordinal)) is { } stranger)
        {
            throw new Refusal(ExitCode.Failed, $"{folder} is no Delta table: it holds {Path.GetFileName(stranger)} and no _delta_log. Name the folder of a table, or a new one.");
        }
    }
}
