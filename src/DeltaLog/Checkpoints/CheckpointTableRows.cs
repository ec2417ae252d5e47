using Latecomer.Parquet;

namespace Latecomer.DeltaLog;

/// <summary>The rows of a checkpoint that say what the table is and who wrote it: few, whatever the table's size.</summary>
internal static class CheckpointTableRows
{
    internal static void Apply(ColumnBatch batch, SnapshotState state, List<string> sidecars)
    {
        var (readers, ids) = (batch.Field("protocol", "minReaderVersion"), batch.Field("metaData", "id"));
        var (applications, domains, paths) = (batch.Field("txn", "appId"), batch.Field("domainMetadata", "domain"), batch.Field("sidecar", "path"));
        for (var row = 0; row < batch.RowCount; row++)
        {
            if (readers.Has(row))
            {
                state.Apply(Protocol(batch, row), version: null);
            }

            if (ids.Has(row))
            {
                state.Apply(Metadata(batch, row), version: null);
            }

            if (applications.Text(row) is { } application)
            {
                state.Apply(Transaction(batch, row, application), version: null);
            }

            if (domains.Text(row) is { } domain)
            {
                state.Apply(Domain(batch, row, domain), version: null);
            }

            if (paths.Text(row) is { } sidecar)
            {
                sidecars.Add(sidecar);
            }
        }
    }

    private static Protocol Protocol(ColumnBatch batch, int row) => new(
        Version(batch.Field("protocol", "minReaderVersion"), row),
        Version(batch.Field("protocol", "minWriterVersion"), row),
        batch.Field("protocol", "readerFeatures").Texts(row),
        batch.Field("protocol", "writerFeatures").Texts(row));

    private static int Version(ColumnData? column, int row) => column.Int(row) ?? throw new InvalidDataException("the protocol lacks a version");

    private static Metadata Metadata(ColumnBatch batch, int row) => new()
    {
        Id = batch.Field("metaData", "id").Text(row) ?? "",
        Name = batch.Field("metaData", "name").Text(row),
        Description = batch.Field("metaData", "description").Text(row),
        FormatProvider = batch.Field("metaData", "format").Field("provider").Text(row),
        FormatOptions = batch.Field("metaData", "format").Field("options").Map(row) ?? new(StringComparer.Ordinal),
        SchemaString = batch.Field("metaData", "schemaString").Text(row),
        PartitionColumns = batch.Field("metaData", "partitionColumns").Texts(row) ?? [],
        Configuration = batch.Field("metaData", "configuration").Map(row) ?? new(StringComparer.Ordinal),
        CreatedTime = batch.Field("metaData", "createdTime").Number(row),
    };

    private static SetTransaction Transaction(ColumnBatch batch, int row, string application) => new(
        application,
        batch.Field("txn", "version").Number(row) ?? throw new InvalidDataException("a txn lacks its version"),
        batch.Field("txn", "lastUpdated").Number(row));

    private static DomainMetadata Domain(ColumnBatch batch, int row, string domain) => new(
        domain,
        batch.Field("domainMetadata", "configuration").Text(row) ?? "",
        batch.Field("domainMetadata", "removed").Flag(row) ?? false);
}
