using System.Text.Json;

namespace Latecomer.DeltaLog;

/// <summary>The fields of an <c>add</c> or <c>remove</c> action while it is read.</summary>
internal struct FileActionFields
{
    private string? _path;
    private PartitionValues? _partitionValues;
    private long? _size;
    private long? _time;
    private bool? _dataChange;
    private string? _stats;
    private long? _numRecords;
    private long? _numRecordsParsed;
    private IReadOnlyDictionary<string, string?>? _tags;
    private DeletionVector? _deletionVector;
    private long? _baseRowId;
    private long? _defaultRowCommitVersion;
    private string? _clusteringProvider;

    internal static FileActionFields Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> line, ActionDetail detail, PartitionValuesCache? partitions)
    {
        var fields = default(FileActionFields);
        while (!(detail == ActionDetail.Partitions && fields.TellsPartition) && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!fields.ReadCounted(ref reader, line, detail, partitions))
            {
                fields.ReadRest(ref reader, detail);
            }
        }

        return fields;
    }

    /// <summary>Whether what <see cref="ActionDetail.Partitions"/> asks for is known. The rest of the action, the longer part of it, is left unread.</summary>
    private readonly bool TellsPartition => _path is not null && _partitionValues is not null && _dataChange is not null;

    internal readonly AddFile ToAdd(ref Utf8JsonReader reader) => new()
    {
        Path = _path ?? throw LogJson.Unexpected(ref reader, "an add action with a path"),
        PartitionValues = _partitionValues ?? PartitionValues.None,
        Size = _size,
        ModificationTime = _time,
        DataChange = _dataChange ?? true,
        NumRecords = _numRecords ?? _numRecordsParsed,
        Stats = _stats,
        Tags = _tags,
        DeletionVector = _deletionVector,
        BaseRowId = _baseRowId,
        DefaultRowCommitVersion = _defaultRowCommitVersion,
        ClusteringProvider = _clusteringProvider,
    };

    internal readonly RemoveFile ToRemove(ref Utf8JsonReader reader) => new()
    {
        Path = _path ?? throw LogJson.Unexpected(ref reader, "a remove action with a path"),
        DeletionTimestamp = _time,
        DataChange = _dataChange ?? true,
        PartitionValues = _partitionValues,
        Size = _size,
        NumRecords = _numRecords ?? _numRecordsParsed,
        DeletionVector = _deletionVector,
        BaseRowId = _baseRowId,
        DefaultRowCommitVersion = _defaultRowCommitVersion,
    };

    private bool ReadCounted(ref Utf8JsonReader reader, ReadOnlySpan<byte> line, ActionDetail detail, PartitionValuesCache? partitions)
    {
        if (reader.ValueTextEquals("path"u8))
        {
            reader.Read();
            _path = detail > ActionDetail.Partitions ? LogJson.String(ref reader) : LogJson.SkippedString(ref reader);
        }
        else if (reader.ValueTextEquals("partitionValues"u8))
        {
            reader.Read();
            _partitionValues = partitions is not null ? partitions.Read(ref reader, line)
                : LogJson.Map(ref reader) is { } values ? PartitionValues.Of(values) : null;
        }
        else if (reader.ValueTextEquals("size"u8))
        {
            reader.Read();
            _size = LogJson.Long(ref reader);
        }
        else if (reader.ValueTextEquals("dataChange"u8))
        {
            reader.Read();
            _dataChange = LogJson.Bool(ref reader);
        }
        else if (reader.ValueTextEquals("modificationTime"u8) || reader.ValueTextEquals("deletionTimestamp"u8))
        {
            reader.Read();
            _time = LogJson.Long(ref reader);
        }
        else
        {
            return false;
        }

        return true;
    }

    private void ReadRest(ref Utf8JsonReader reader, ActionDetail detail)
    {
        if (reader.ValueTextEquals("stats"u8))
        {
            reader.Read();
            _numRecords = detail > ActionDetail.Partitions ? Statistics.NumRecords(ref reader) : Statistics.Skipped(ref reader);
            _stats = detail >= ActionDetail.Full ? LogJson.String(ref reader) : null;
        }
        else if (reader.ValueTextEquals("stats_parsed"u8))
        {
            reader.Read();
            _numRecordsParsed = Statistics.NumRecordsOfObject(ref reader);
        }
        else if (reader.ValueTextEquals("deletionVector"u8))
        {
            reader.Read();
            _deletionVector = ReadDeletionVector(ref reader);
        }
        else
        {
            ReadOfWriters(ref reader, detail);
        }
    }

    private void ReadOfWriters(ref Utf8JsonReader reader, ActionDetail detail)
    {
        if (reader.ValueTextEquals("baseRowId"u8))
        {
            reader.Read();
            _baseRowId = LogJson.Long(ref reader);
        }
        else if (reader.ValueTextEquals("defaultRowCommitVersion"u8))
        {
            reader.Read();
            _defaultRowCommitVersion = LogJson.Long(ref reader);
        }
        else if (reader.ValueTextEquals("clusteringProvider"u8))
        {
            reader.Read();
            _clusteringProvider = LogJson.String(ref reader);
        }
        else if (detail >= ActionDetail.Full && reader.ValueTextEquals("tags"u8))
        {
            reader.Read();
            _tags = LogJson.Map(ref reader);
        }
        else
        {
            reader.Skip();
        }
    }

    private static DeletionVector? ReadDeletionVector(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        string? storageType = null;
        string? path = null;
        int? offset = null;
        var size = 0;
        var cardinality = 0L;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "storageType": storageType = LogJson.String(ref reader); break;
                case "pathOrInlineDv": path = LogJson.String(ref reader); break;
                case "offset": offset = LogJson.Int(ref reader); break;
                case "sizeInBytes": size = LogJson.Int(ref reader) ?? 0; break;
                case "cardinality": cardinality = LogJson.Long(ref reader) ?? 0; break;
                default: reader.Skip(); break;
            }
        }

        return storageType is null
            ? null
            : new DeletionVector(storageType, path ?? throw LogJson.Unexpected(ref reader, "a deletion vector with a path"), offset, size, cardinality);
    }
}
