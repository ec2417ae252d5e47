using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Latecomer.DeltaLog;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.Unit.DeltaLog;

/// <summary>Tables written by Spark, delta-rs and the kernels, against what an independent reader says of them. Here: those whose log is JSON from version 0.</summary>
public sealed class SharedTables
{
    public static TheoryData<string> Names()
    {
        var names = new TheoryData<string>();
        if (SharedTestData.SkipReason is not null)
        {
            return names;
        }

        foreach (var path in Directory.EnumerateFiles(Folder(), "*.expected.json").Order(StringComparer.Ordinal))
        {
            using var expected = Load(path);
            if (IsJsonFromTheStart(expected.RootElement))
            {
                names.Add(Path.GetFileName(path)[..^".expected.json".Length]);
            }
        }

        return names;
    }

    [SharedTheory]
    [MemberData(nameof(Names))]
    public async Task Every_version_holds_the_files_that_it_should(string name)
    {
        using var expected = Load(name);
        var root = expected.RootElement;
        var log = new LocalLogStore(Path.Combine(Folder(), name));
        if (root.GetProperty("outcome").GetString() == "error")
        {
            await Refuses(log, root);
            return;
        }

        (await SnapshotReader.Read(log, null, ActionDetail.Counts, default)).Version.ShouldBe(root.GetProperty("latestVersion").GetInt64());
        foreach (var version in root.GetProperty("versions").EnumerateArray())
        {
            var number = version.GetProperty("version").GetInt64();
            if (Ranges(root.GetProperty("snapshotVersions")).Any(range => number >= range.First && number <= range.Last))
            {
                HoldsFiles(await SnapshotReader.Read(log, number, ActionDetail.Counts, default), version);
            }
        }

        foreach (var error in root.GetProperty("versionErrors").EnumerateArray())
        {
            var thrown = await Should.ThrowAsync<DeltaException>(async () =>
                await SnapshotReader.Read(log, error.GetProperty("version").GetInt64(), ActionDetail.Counts, default));
            thrown.Class.ToString().ShouldBe(error.GetProperty("class").GetString());
        }
    }

    [SharedTheory]
    [MemberData(nameof(Names))]
    public async Task Every_snapshot_has_the_definition_that_it_should(string name)
    {
        using var expected = Load(name);
        var root = expected.RootElement;
        if (root.GetProperty("outcome").GetString() == "error")
        {
            return;
        }

        var snapshot = await SnapshotReader.Read(new LocalLogStore(Path.Combine(Folder(), name)), null, ActionDetail.Full, default);
        var metadata = root.GetProperty("metadataHistory").EnumerateArray().Last();
        snapshot.TableId.ShouldBe(metadata.GetProperty("id").GetString());
        snapshot.Metadata.Name.ShouldBe(metadata.GetProperty("name").GetString());
        snapshot.Metadata.FormatProvider.ShouldBe(metadata.GetProperty("formatProvider").GetString());
        snapshot.Metadata.CreatedTime.ShouldBe(metadata.GetProperty("createdTime") is { ValueKind: JsonValueKind.Number } time ? time.GetInt64() : null);
        snapshot.Metadata.PartitionColumns.ShouldBe(metadata.GetProperty("partitionColumns").EnumerateArray().Select(column => column.GetString()!));
        snapshot.Metadata.Configuration.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}")
            .ShouldBe(metadata.GetProperty("configuration").EnumerateObject().OrderBy(pair => pair.Name, StringComparer.Ordinal).Select(pair => $"{pair.Name}={pair.Value.GetString()}"));
        if (metadata.GetProperty("schemaFields") is { ValueKind: JsonValueKind.Array } fields)
        {
            snapshot.Metadata.Schema.Fields.Select(field => $"{field.Name} {field.Type} {field.Nullable}")
                .ShouldBe(fields.EnumerateArray().Select(field => $"{field[0].GetString()} {field[1].GetString()} {field[2].GetBoolean()}"));
        }

        if (root.GetProperty("snapshots").EnumerateArray().Last() is var latest && latest.GetProperty("version").GetInt64() == snapshot.Version)
        {
            Texts(latest, "txns").ShouldBe(snapshot.Transactions.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value.Version}"));
            Texts(latest, "domainMetadata").ShouldBe(snapshot.Domains.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"));
        }
    }

    [SharedTheory]
    [MemberData(nameof(Names))]
    public async Task Every_commit_changes_the_partitions_that_it_should(string name)
    {
        using var expected = Load(name);
        var root = expected.RootElement;
        var log = new LocalLogStore(Path.Combine(Folder(), name));
        if (root.GetProperty("outcome").GetString() == "error")
        {
            return;
        }

        var state = new SnapshotState();
        foreach (var commit in root.GetProperty("commits").EnumerateArray())
        {
            var read = (await CommitReader.TryRead(log, state.Version + 1, ActionDetail.Counts, default)).ShouldNotBeNull();
            read.Lines.ShouldBe(commit.GetProperty("actions").GetInt32());
            read.CdcFiles.ShouldBe(commit.TryGetProperty("cdcFiles", out var cdc) ? cdc.GetInt32() : 0);
            read.CommitInfo?.Operation.ShouldBe(commit.TryGetProperty("operation", out var operation) ? operation.GetString() : null);
            read.CommitInfo?.Timestamp.ShouldBe(commit.TryGetProperty("timestamp", out var timestamp) ? timestamp.GetInt64() : null);
            var changes = CommitChanges.Of(read, state);
            changes.IsDataChange.ShouldBe(commit.GetProperty("dataChange").GetBoolean());
            changes.Partitions.Select(Describe).Order(StringComparer.Ordinal).ShouldBe(commit.GetProperty("partitions").EnumerateArray().Select(Describe).Order(StringComparer.Ordinal));
            (changes.UnknownPartition is null).ShouldBe(!commit.TryGetProperty("unknownPartition", out _));
            state.Apply(read);
        }

        LastChanges(state).ShouldBe(root.GetProperty("lastDataChange").GetProperty("partitions").EnumerateArray()
            .Select(last => $"{Key(last.GetProperty("partition"))}: {last.GetProperty("lastDataChange").GetInt64()}, {last.GetProperty("activeFiles").GetInt32()} files")
            .Order(StringComparer.Ordinal));
    }

    [SharedTheory]
    [MemberData(nameof(Names))]
    public async Task Following_in_small_pages_shows_every_commit_once_and_in_order(string name)
    {
        using var expected = Load(name);
        var root = expected.RootElement;
        if (root.GetProperty("outcome").GetString() == "error")
        {
            return;
        }

        var follower = new LogFollower(new LocalLogStore(Path.Combine(Folder(), name)));
        var at = LogPosition.Start;
        foreach (var commit in root.GetProperty("commits").EnumerateArray())
        {
            var page = (await follower.ReadAfter(at, 1)).ShouldBeOfType<FollowResult.Commits>();
            var changes = page.Changes.ShouldHaveSingleItem();
            changes.Version.ShouldBe(commit.GetProperty("version").GetInt64());
            changes.Partitions.Select(DescribeFiles).Order(StringComparer.Ordinal).ShouldBe(commit.GetProperty("partitions").EnumerateArray().Select(DescribeFiles).Order(StringComparer.Ordinal));
            page.MoreExist.ShouldBe(changes.Version < root.GetProperty("latestVersion").GetInt64());
            at = changes.Position;
        }

        (await follower.ReadAfter(at, 1)).ShouldBeOfType<FollowResult.Commits>().Changes.ShouldBeEmpty();
    }

    private static async Task Refuses(LocalLogStore log, JsonElement root)
    {
        var error = root.GetProperty("error");
        string[] classes = [error.GetProperty("class").GetString()!, .. error.TryGetProperty("acceptAlso", out var also) ? also.EnumerateArray().Select(other => other.GetString()!) : []];
        var thrown = await Should.ThrowAsync<DeltaException>(async () => await SnapshotReader.Read(log, null, ActionDetail.Counts, default));
        classes.ShouldContain(thrown.Class.ToString(), thrown.Message);
        if (error.TryGetProperty("features", out var features))
        {
            thrown.Features.Order(StringComparer.Ordinal).ShouldBe(features.EnumerateArray().Select(feature => feature.GetString()!).Order(StringComparer.Ordinal));
        }
    }

    private static void HoldsFiles(Snapshot snapshot, JsonElement version)
    {
        var files = snapshot.Files.ToArray();
        var text = new StringBuilder();
        text.Append($"{files.Length} files, {files.Sum(file => file.Size ?? 0)} bytes, {files.Sum(file => file.NumRecords ?? 0)} rows, ");
        text.Append($"{files.Sum(file => file.LiveRecords ?? 0)} live, {files.Count(file => file.NumRecords is null)} without, {files.Count(file => file.DeletionVector is not null)} with vectors, ");
        text.Append(Hash(files));
        text.ToString().ShouldBe(string.Create(
            CultureInfo.InvariantCulture,
            $"{version.GetProperty("numFiles")} files, {version.GetProperty("sizeInBytes")} bytes, {version.GetProperty("numRecords")} rows, {version.GetProperty("numRecordsLive")} live, {version.GetProperty("filesWithoutNumRecords")} without, {version.GetProperty("filesWithDv")} with vectors, {version.GetProperty("filesSha256")}"));
        snapshot.Partitions.Values.Sum(partition => partition.ActiveFiles).ShouldBe(files.Length);
        snapshot.Partitions.Values.Sum(partition => partition.Rows).ShouldBe(files.Sum(file => file.LiveRecords ?? 0));
    }

    private static string Hash(IEnumerable<AddFile> files)
    {
        var lines = files.Select(file => Encoding.UTF8.GetBytes($"{file.Path}\t{file.DeletionVector?.UniqueId}\n"))
            .Order(Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b)));
        return Convert.ToHexStringLower(SHA256.HashData([.. lines.SelectMany(line => line)]));
    }

    private static IEnumerable<string> LastChanges(SnapshotState state) => state.Partitions
        .Select(pair => $"{Key(pair.Key)}: {pair.Value.LastDataChange}, {pair.Value.ActiveFiles} files")
        .Order(StringComparer.Ordinal);

    private static string Describe(PartitionChange change) =>
        $"{Key(change.Partition)}: {Describe(change.Added)} {Describe(change.Removed)} {Describe(change.RearrangedAdded)} {Describe(change.RearrangedRemoved)}";

    private static string Describe(FileTotals totals) =>
        $"({totals.Files} {totals.Bytes} {totals.Rows} {totals.LiveRows} {totals.FilesWithoutRows} {totals.FilesWithoutBytes} {totals.FilesWithDeletionVector})";

    private static string Describe(JsonElement change) =>
        $"{Key(change.GetProperty("partition"))}: {Describe(change, "added")} {Describe(change, "removed")} {Describe(change, "rearrangedAdded")} {Describe(change, "rearrangedRemoved")}";

    private static string Describe(JsonElement change, string side) => change.TryGetProperty(side, out var totals)
        ? $"({Number(totals, "files")} {Number(totals, "bytes")} {Number(totals, "rows")} {Number(totals, "liveRows")} {Number(totals, "filesWithoutRows")} {Number(totals, "filesWithoutBytes")} {Number(totals, "filesWithDv")})"
        : "(0 0 0 0 0 0 0)";

    private static string DescribeFiles(PartitionChange change) =>
        $"{Key(change.Partition)}: {change.Added.Files} {change.Added.Bytes} {change.Removed.Files} {change.RearrangedAdded.Files} {change.RearrangedRemoved.Files}";

    private static string DescribeFiles(JsonElement change) =>
        $"{Key(change.GetProperty("partition"))}: {Number(change, "added", "files")} {Number(change, "added", "bytes")} {Number(change, "removed", "files")} {Number(change, "rearrangedAdded", "files")} {Number(change, "rearrangedRemoved", "files")}";

    private static long Number(JsonElement change, string side, string name) => change.TryGetProperty(side, out var totals) ? Number(totals, name) : 0;

    private static long Number(JsonElement totals, string name) => totals.TryGetProperty(name, out var number) ? number.GetInt64() : 0;

    private static string Key(IEnumerable<KeyValuePair<string, string?>> partition) =>
        string.Join('/', partition.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value ?? "<null>"}"));

    private static string Key(JsonElement partition) =>
        Key(partition.EnumerateObject().Select(pair => KeyValuePair.Create(pair.Name, pair.Value.GetString())));

    private static IEnumerable<string> Texts(JsonElement snapshot, string name) => snapshot.TryGetProperty(name, out var map)
        ? map.EnumerateObject().OrderBy(pair => pair.Name, StringComparer.Ordinal).Select(pair => $"{pair.Name}={pair.Value}")
        : [];

    private static IEnumerable<(long First, long Last)> Ranges(JsonElement ranges) =>
        ranges.EnumerateArray().Select(range => (range[0].GetInt64(), range[1].GetInt64()));

    private static bool IsJsonFromTheStart(JsonElement expected)
    {
        var log = expected.TryGetProperty("log", out var value) ? value : default;
        var hasCheckpoints = log.ValueKind == JsonValueKind.Object && log.GetProperty("checkpoints").GetArrayLength() > 0;
        return !hasCheckpoints && !expected.GetProperty("tags").EnumerateArray().Any(tag => tag.GetString() is { } text
            && (text.StartsWith("column-mapping", StringComparison.Ordinal) || text == "feature:columnMapping"));
    }

    private static JsonDocument Load(string nameOrPath) => JsonDocument.Parse(File.ReadAllBytes(
        Path.IsPathRooted(nameOrPath) ? nameOrPath : Path.Combine(Folder(), $"{nameOrPath}.expected.json")));

    private static string Folder() => Path.Combine(SharedTestData.Root, "delta");
}
