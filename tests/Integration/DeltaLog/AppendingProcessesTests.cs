using System.Globalization;
using System.Text.Json.Nodes;
using Latecomer.DeltaLog;
using Latecomer.Tests.Integration.Oracle;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.Integration.DeltaLog;

/// <summary>Processes append to one table at once, each checkpoints it as it comes to that, and some are killed wherever they are. The full size:
/// <c>LATECOMER_APPENDING_PROCESSES=10 LATECOMER_APPENDING_COMMITS=200</c>.</summary>
public sealed class AppendingProcessesTests : IDisposable
{
    private static readonly TimeSpan Liveness = TimeSpan.FromMinutes(15);
    private static readonly int Processes = Number("LATECOMER_APPENDING_PROCESSES", 4);
    private static readonly int Commits = Number("LATECOMER_APPENDING_COMMITS", 25);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_acknowledged_commit_is_there_once_and_versions_have_no_gap()
    {
        using var liveness = new CancellationTokenSource(Liveness);
        var schema = new TableSchema([new SchemaField("id", new DataType.Primitive("long")), new SchemaField("writer", new DataType.Primitive("string"))]);
        (await DeltaTable.At(_folder.Path).Create(Metadata.Create(Guid.NewGuid(), schema, ["writer"], DateTimeOffset.UnixEpoch), [], CommitOrigin.None))
            .ShouldBeOfType<CommitResult.Committed>();

        var told = await Task.WhenAll(Enumerable.Range(0, Processes).Select(writer => Write($"w{writer}", new Random(writer), liveness.Token)));

        var total = Processes * Commits;
        var paths = Enumerable.Range(0, total + 1).Select(PathsOf).ToList();
        File.Exists(CommitFile(total + 1)).ShouldBeFalse("there are more commits than were made");
        paths[0].ShouldBeEmpty();
        paths.Skip(1).ShouldAllBe(added => added.Count == 1);
        var expected = Enumerable.Range(0, Processes).SelectMany(writer => Enumerable.Range(0, Commits).Select(number => $"writer=w{writer}/{number}.parquet")).ToList();
        paths.Skip(1).Select(added => added[0]).ShouldBe(expected, ignoreOrder: true);
        foreach (var (path, version) in told.SelectMany(each => each))
        {
            paths[(int)version].ShouldBe([path], $"version {version}");
        }

        await RequireSnapshots(paths);
        Directory.EnumerateFiles(LogFolder, "*.checkpoint.parquet").Count().ShouldBeGreaterThan(total / 20, "checkpoints are written meanwhile, but for those whose writer was killed");
        if (SharedTestData.SkipReason is null)
        {
            await RequireOracleAgrees(expected);
        }
    }

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private string LogFolder => Path.Combine(_folder.Path, "_delta_log");

    private string CommitFile(long version) => Path.Combine(LogFolder, LogFile.CommitName(version));

    /// <summary>All commits of one writer, in as many lives as it takes; returns where it was told that they are.</summary>
    private async Task<List<(string Path, long Version)>> Write(string name, Random random, CancellationToken cancellation)
    {
        var told = new List<(string, long)>();
        for (long next = 0, lives = 0; next < Commits; lives++)
        {
            await using var process = AppendingProcess.Start(_folder.Path, name, next, Commits);

            // Every second writer dies a few times, each time at another moment of its life.
            var isToDie = lives < 3 && (name[^1] - '0') % 2 == 0;
            if (isToDie)
            {
                var until = random.Next(1, 1 + (Commits / 4));
                while (process.Acknowledged.Count < until && !process.HasEnded)
                {
                    await Task.Delay(random.Next(1, 20), cancellation);
                }

                process.Kill();
            }

            var code = await process.End(cancellation);
            (code == 0 || isToDie).ShouldBeTrue(await process.Errors());
            told.AddRange(process.Acknowledged.Where(commit => commit.Version is not null).Select(commit => ($"writer={name}/{commit.Number}.parquet", commit.Version!.Value)));
            next = process.Acknowledged.Count == 0 ? next : process.Acknowledged.Max(commit => commit.Number) + 1;
        }

        return told;
    }

    private List<string> PathsOf(int version)
    {
        File.Exists(CommitFile(version)).ShouldBeTrue($"version {version} is missing");
        return [.. File.ReadLines(CommitFile(version)).Select(line => (string?)JsonNode.Parse(line)?["add"]?["path"]).OfType<string>()];
    }

    /// <summary>The latest snapshot, and those of some versions, hold what the commits up to there added; so does each by its checkpoint alone.</summary>
    private async Task RequireSnapshots(List<List<string>> paths)
    {
        var checkpoints = Directory.EnumerateFiles(LogFolder, "*.checkpoint.parquet").Select(file => long.Parse(Path.GetFileName(file)[..20], CultureInfo.InvariantCulture)).ToList();
        foreach (var version in checkpoints.Append(paths.Count - 1))
        {
            var snapshot = await DeltaTable.At(_folder.Path).ReadSnapshot(version);
            snapshot.Files.Select(file => file.Path).ShouldBe(paths.Take((int)version + 1).SelectMany(added => added), ignoreOrder: true, $"version {version}");
            snapshot.Transactions.Values.Sum(txn => txn.Version + 1).ShouldBe(snapshot.NumFiles, $"version {version}");
        }
    }

    private async Task RequireOracleAgrees(List<string> expected)
    {
        using var oracle = new SharedOracle();
        var document = (await oracle.Inspect([_folder.Path]))[_folder.Path];
        ((string?)document["outcome"], (long?)document["latestVersion"]).ShouldBe(("ok", expected.Count));
        document["snapshotVersions"]!.ToJsonString().ShouldBe($"[[0,{expected.Count}]]");
        document["snapshots"]!.AsArray()[^1]!["files"]!.AsArray().Select(file => (string)file!["path"]!).ShouldBe(expected, ignoreOrder: true);
        ((string?)document["log"]!["lastCheckpoint"]!["status"]).ShouldBeOneOf("ok", "stale");
    }
}
