using System.Globalization;
using System.Text.Json.Nodes;
using Latecomer.DeltaLog;
using Latecomer.Tests.Integration.Oracle;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.Integration.DeltaLog;

/// <summary>Tables after random histories of appends, overwrites, changed properties and columns, checkpoints and log clean-up are to an independent
/// reader what they were made. <c>LATECOMER_HISTORIES=200</c> makes so many.</summary>
public sealed class RandomHistoryTests : IDisposable
{
    private const int Histories = 8;
    private static readonly string?[] Days = ["2025-01-01", "2025-01-02", "a b/c=%", "", null];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SharedFact]
    public async Task A_table_is_to_an_independent_reader_what_was_made_of_it()
    {
        using var oracle = new SharedOracle();
        var histories = Environment.GetEnvironmentVariable("LATECOMER_HISTORIES") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : Histories;
        var tables = new List<MadeTable>();
        for (var seed = 1; seed <= histories; seed++)
        {
            tables.Add(await MadeTable.Make(Path.Combine(_folder.Path, $"{seed}"), new Random(seed)));
        }

        var documents = await oracle.Inspect(tables.Select(table => table.Folder));
        foreach (var table in tables)
        {
            table.Require(documents[table.Folder]);
        }
    }

    /// <summary>A table, and what it must hold.</summary>
    private sealed class MadeTable
    {
        private readonly Random _random;
        private readonly DeltaTable _table;
        private readonly Dictionary<string, PartitionValues> _files = new(StringComparer.Ordinal);
        private readonly Dictionary<string, long> _applications = new(StringComparer.Ordinal);
        private readonly Dictionary<string, string> _properties = new(StringComparer.Ordinal);
        private readonly List<string> _columns = ["id", "day"];
        private long _version;

        private MadeTable(string folder, Random random)
        {
            Folder = folder;
            _random = random;
            _table = DeltaTable.At(folder);
        }

        internal string Folder { get; }

        internal static async Task<MadeTable> Make(string folder, Random random)
        {
            var made = new MadeTable(folder, random);
            var schema = new TableSchema([.. made._columns.Select(name => new SchemaField(name, new DataType.Primitive("string")))]);
            await made._table.Create(Metadata.Create(Guid.NewGuid(), schema, ["day"], DateTimeOffset.UnixEpoch), [], CommitOrigin.None);
            for (var step = random.Next(5, 60); step > 0; step--)
            {
                await made.Step();
            }

            return made;
        }

        internal void Require(JsonNode document)
        {
            ((string?)document["outcome"], (long?)document["latestVersion"]).ShouldBe(("ok", _version), Folder);
            var latest = document["snapshots"]!.AsArray()[^1]!;
            latest["files"]!.AsArray().Select(file => ((string)file!["path"]!, (string?)file["partition"]!["day"]))
                .ShouldBe(_files.Select(file => (file.Key, file.Value["day"])), ignoreOrder: true, Folder);
            (latest["txns"]?.AsObject().Select(txn => (txn.Key, Version(txn.Value))) ?? []).ShouldBe(_applications.Select(pair => (pair.Key, pair.Value)), ignoreOrder: true, Folder);
            var metadata = document["metadataHistory"]!.AsArray()[^1]!;
            metadata["configuration"]!.AsObject().Select(pair => (pair.Key, (string)pair.Value!)).ShouldBe(_properties.Select(pair => (pair.Key, pair.Value)), ignoreOrder: true, Folder);
            metadata["schemaFields"]!.AsArray().Select(field => (string)field![0]!).ShouldBe(_columns, Folder);
        }

        private static long Version(JsonNode? txn) => txn is JsonObject fields ? (long)fields["version"]! : (long)txn!;

        private async Task Step()
        {
            switch (_random.Next(10))
            {
                case 0:
                    await _table.WriteCheckpoint();
                    break;
                case 1:
                    await CleanUp();
                    break;
                case 2:
                    var (name, value) = (_random.Next(3) == 0 ? "delta.checkpointInterval" : $"p{_random.Next(3)}", $"{_random.Next(1, 20)}");
                    _properties[name] = value;
                    await Committed(_table.SetProperties(new Dictionary<string, string?>(StringComparer.Ordinal) { [name] = value }, CommitOrigin.None));
                    break;
                case 3:
                    _columns.Add($"c{_columns.Count}");
                    await Committed(_table.AddColumns([new SchemaField(_columns[^1], new DataType.Primitive("double"))], CommitOrigin.None));
                    break;
                case 4 or 5:
                    await Overwrite();
                    break;
                default:
                    var added = Files(PartitionValues.Of("day", Days[_random.Next(Days.Length)]));
                    await Committed(_table.Append(added, Origin()));
                    break;
            }
        }

        private async Task Overwrite()
        {
            var partition = PartitionValues.Of("day", Days[_random.Next(Days.Length)]);
            foreach (var (path, _) in _files.Where(file => file.Value.Equals(partition)).ToList())
            {
                _files.Remove(path);
            }

            await Committed(_table.OverwritePartition(partition, Files(partition), Origin()));
        }

        private AddFile[] Files(PartitionValues partition)
        {
            AddFile[] added = [.. Enumerable.Range(0, _random.Next(4)).Select(_ => new AddFile
            {
                Path = LogPath.Encode($"day=x y/{_random.NextInt64():x} é%.parquet"),
                PartitionValues = partition,
                Size = _random.Next(1_000),
                ModificationTime = 1,
                NumRecords = _random.Next(100),
            })];
            foreach (var file in added)
            {
                _files.Add(file.Path, partition);
            }

            return [.. added.Select(file => file with { Stats = $$"""{"numRecords":{{file.NumRecords}}}""" })];
        }

        private CommitOrigin Origin()
        {
            if (_random.Next(2) == 0)
            {
                return CommitOrigin.None;
            }

            var application = $"app {_random.Next(3)}";
            _applications[application] = _applications.GetValueOrDefault(application) + _random.Next(1, 5);
            return new CommitOrigin(new SetTransaction(application, _applications[application]));
        }

        private async Task Committed(ValueTask<CommitResult> commit) =>
            (_version = (await commit).ShouldBeOfType<CommitResult.Committed>().Version).ShouldBeGreaterThan(0);

        /// <summary>Removes the commits that the newest checkpoint stands for.</summary>
        private Task CleanUp()
        {
            var log = Path.Combine(Folder, "_delta_log");
            var newest = Directory.EnumerateFiles(log, "*.checkpoint.parquet").Select(file => Path.GetFileName(file)[..20]).Max(StringComparer.Ordinal);
            foreach (var commit in Directory.EnumerateFiles(log, "*.json").Where(file => string.CompareOrdinal(Path.GetFileName(file)[..20], newest ?? "") < 0))
            {
                File.Delete(commit);
            }

            return Task.CompletedTask;
        }
    }
}
