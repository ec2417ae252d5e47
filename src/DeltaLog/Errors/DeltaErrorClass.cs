namespace Latecomer.DeltaLog;

/// <summary>Why a Delta table, or one of its versions, cannot be used. The names are stable: they are printed and tested.</summary>
public enum DeltaErrorClass
{
    /// <summary>There is no <c>_delta_log</c> folder, or nothing in it that makes a version.</summary>
    TableNotFound,

    /// <summary>No <c>protocol</c> action in the log up to the version.</summary>
    MissingProtocol,

    /// <summary>No <c>metaData</c> action in the log up to the version.</summary>
    MissingMetadata,

    /// <summary>A <c>protocol</c> action that contradicts itself, such as reader version 3 without features.</summary>
    InvalidProtocol,

    /// <summary>The table asks for a reader version that the protocol does not have (above 3).</summary>
    UnsupportedReaderVersion,

    /// <summary>The table uses a reader feature that this reader does not know.</summary>
    UnsupportedReaderFeature,

    /// <summary>The table uses a writer version or feature that this writer does not know.</summary>
    UnsupportedWriterFeature,

    /// <summary>A commit is missing below the latest version.</summary>
    VersionsNotContiguous,

    /// <summary>The log files that the version needs are gone.</summary>
    VersionNotReachable,

    /// <summary>The version lies beyond the latest one, or the instant before the first commit or after the latest.</summary>
    VersionNotFound,

    /// <summary>A commit file that is not what the protocol says.</summary>
    CorruptCommit,

    /// <summary>A checkpoint that is not what the protocol says.</summary>
    CorruptCheckpoint,

    /// <summary>A file action whose partition value is no value of its column's type.</summary>
    InvalidPartitionValue,

    /// <summary>Rows whose columns are not the table's.</summary>
    SchemaMismatch,

    /// <summary>A data file that is missing or is not what its action says.</summary>
    CorruptDataFile,

    /// <summary>A data file that may be sound, and uses something of Parquet that this build does not read.</summary>
    UnsupportedDataFile,

    /// <summary>A deletion vector that is missing or is not what its descriptor says.</summary>
    CorruptDeletionVector,
}
