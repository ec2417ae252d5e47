using System.Globalization;

namespace Latecomer.DeltaLog;

/// <summary>A file of the log, by what its name says (PROTOCOL.md, "Delta Log Entries", "Checkpoints", "Log Compaction Files").</summary>
public abstract record LogFile
{
    private const int VersionDigits = 20;
    private const string CommitExtension = ".json";

    /// <summary>No table gets there, and whoever counts on from here does not run over.</summary>
    private const long GreatestVersion = 999_999_999_999_999_999;

    private LogFile()
    {
    }

    /// <summary>The name of a version's commit: 20 digits and <c>.json</c>.</summary>
    public static string CommitName(long version) => string.Create(CultureInfo.InvariantCulture, $"{version:D20}.json");

    /// <summary>The name of a version's classic checkpoint.</summary>
    public static string CheckpointName(long version) => string.Create(CultureInfo.InvariantCulture, $"{version:D20}.checkpoint.parquet");

    /// <summary>The name of one of a version's V2 checkpoints in Parquet.</summary>
    public static string CheckpointName(long version, Guid id) => string.Create(CultureInfo.InvariantCulture, $"{version:D20}.checkpoint.{id:D}.parquet");

    /// <summary>The least name that any file of a version or a later one can have.</summary>
    public static string FirstNameOf(long version) => string.Create(CultureInfo.InvariantCulture, $"{version:D20}");

    /// <summary>Says what a file is. Total: a name of no known shape is <see cref="Other"/>.</summary>
    public static LogFile Parse(string name)
    {
        if (!TryVersion(name, 0, out var version))
        {
            return new Other(name);
        }

        // Nearly every name is a commit's, and there may be many.
        return name.AsSpan(VersionDigits) is CommitExtension ? new Commit(version) : ParseRare(name, version);
    }

    private static LogFile ParseRare(string name, long version) =>
        name[VersionDigits..].Split('.') switch
        {
            ["", "checkpoint", "parquet"] => new Checkpoint(version, name, CheckpointKind.Classic),
            ["", "checkpoint", var part, var parts, "parquet"] when Number(part) is > 0 and { } p && Number(parts) is > 0 and { } n && p <= n
                => new Checkpoint(version, name, CheckpointKind.Multipart, p, n),
            ["", "checkpoint", var id, "json"] when Guid.TryParseExact(id, "D", out _) => new Checkpoint(version, name, CheckpointKind.UuidJson),
            ["", "checkpoint", var id, "parquet"] when Guid.TryParseExact(id, "D", out _) => new Checkpoint(version, name, CheckpointKind.UuidParquet),
            ["", var end, "compacted", "json"] when end.Length == VersionDigits && TryVersion(end, 0, out var last) => new Compaction(version, last, name),
            _ => new Other(name),
        };

    private static bool TryVersion(string name, int start, out long version)
    {
        version = 0;
        return name.Length >= start + VersionDigits
            && long.TryParse(name.AsSpan(start, VersionDigits), NumberStyles.None, CultureInfo.InvariantCulture, out version)
            && version <= GreatestVersion;
    }

    private static int? Number(string digits) => digits.Length == 10 && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : null;

    /// <summary>The commit that makes a version.</summary>
    public sealed record Commit(long Version) : LogFile;

    /// <summary>A checkpoint, or one part of it.</summary>
    public sealed record Checkpoint(long Version, string Name, CheckpointKind Kind, int Part = 1, int Parts = 1) : LogFile;

    /// <summary>Commits <paramref name="From"/>..<paramref name="To"/> in one file; good for snapshots, never a commit.</summary>
    public sealed record Compaction(long From, long To, string Name) : LogFile;

    /// <summary>Anything else: hints, checksums, sidecars, what others left there.</summary>
    public sealed record Other(string Name) : LogFile;
}
