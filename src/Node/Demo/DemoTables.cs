using Latecomer.Contracts;
using Latecomer.DeltaLog;
using Latecomer.Node.Devices;

namespace Latecomer.Node.Demo;

/// <summary>The demo's tables as any reader sees them: by their files.</summary>
internal sealed class DemoTables(string dataset)
{
    private const string LoadId = "latecomer-demo";
    private const int PageOfCommits = 1000;

    private string Input => Path.Combine(dataset, SeedsDay.Input);

    private string Output => Path.Combine(dataset, SeedsDay.Output);

    /// <summary>Writes a load's rows as JSON lines, and appends them to the table, unless that was done before.</summary>
    /// <returns>Whether it was done now.</returns>
    public async Task<bool> Load(SeedsDay.Load load, CancellationToken cancellation)
    {
        var snapshot = await DeltaTable.At(Input).TryReadSnapshot(cancellation);
        if (snapshot is not null && snapshot.Transactions.TryGetValue(LoadId, out var last) && last.Version >= load.Number)
        {
            return false;
        }

        var folder = Directory.CreateDirectory(Path.Combine(dataset, "input")).FullName;
        await using (var file = File.CreateText(Path.Combine(folder, load.FileName)))
        {
            DeviceLines.Write(file, load.Rows);
        }

        await new DeviceTable(Input).Append(load.Day, load.Rows, new SetTransaction(LoadId, load.Number), cancellation);
        return true;
    }

    /// <summary>The commits of the input, in order.</summary>
    public Task<IReadOnlyList<CommitChanges>> InputCommits(CancellationToken cancellation) => Commits(Input, cancellation);

    /// <summary>The commits of the output that changed data, in order.</summary>
    public async Task<IReadOnlyList<CommitChanges>> OutputDataCommits(CancellationToken cancellation) =>
        [.. (await Commits(Output, cancellation)).Where(c => c.IsDataChange)];

    /// <summary>How many rows the output counts for each date.</summary>
    public async Task<IReadOnlyDictionary<string, long>> Summary(CancellationToken cancellation)
    {
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        if (await DeltaTable.At(Output).TryReadSnapshot(cancellation) is not { } snapshot)
        {
            return counts;
        }

        var reader = DeltaReader.At(Output);
        foreach (var partition in snapshot.Partitions.Keys)
        {
            var total = 0L;
            await foreach (var batch in reader.ReadFiles(snapshot, partition, [DeviceSummary.CountColumn], cancellation))
            {
                using (batch)
                {
                    total += DeviceSummary.Sum(batch);
                }
            }

            counts[partition[DeviceTable.PartitionColumn] ?? ""] = total;
        }

        return counts;
    }

    /// <summary>The text of a date's configuration file; null if there is none.</summary>
    public string? ConfigurationFile(string date)
    {
        var file = Path.Combine(dataset, FileName(date));
        return File.Exists(file) ? File.ReadAllText(file).Trim() : null;
    }

    /// <summary>The name of a date's configuration file.</summary>
    public static string FileName(string date) => $"backfilling_configuration_{Schedule.Daily.NameOf(LogicalDate.Parse(date))}.json";

    private static async Task<IReadOnlyList<CommitChanges>> Commits(string table, CancellationToken cancellation) =>
        await new LogFollower(new LocalLogStore(table)).ReadAfter(-1, PageOfCommits, cancellation) is FollowResult.Commits commits ? commits.Changes : [];
}
