using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Latecomer.DeltaLog;

namespace Latecomer.Benchmarks.Log;

/// <summary>What is measured of the Delta log, each in a process of its own; prints one line of JSON.</summary>
internal static class LogWork
{
    private const int WarmUp = 50;
    private const int Measured = 200;

    /// <summary>Opens a table cold and finds the last data change of each partition. The sum of their versions is what every peer prints.</summary>
    internal static async Task History(string table)
    {
        var history = await DeltaTable.At(table).ReadHistory();
        Print(new { partitions = history.LastDataChanges.Count, check = history.LastDataChanges.Values.Sum(change => change.Version), peakBytes = Machine.PeakMemory() });
    }

    /// <summary>Puts one commit after the other and follows each; prints the median time from a commit's being there to its changes being known.</summary>
    internal static async Task Follow(string table)
    {
        var log = new LocalLogStore(table);
        var definition = await LogDefinition.Read(log);
        var follower = new LogFollower(log);
        var last = ((FollowResult.Commits)await follower.ReadAfter(definition.Version - 1, limit: 1)).Changes.Single();
        var milliseconds = new List<double>();
        for (var i = 0; i < WarmUp + Measured; i++)
        {
            var next = last.Version + 1;
            await log.PutIfAbsent(LogFile.CommitName(next), Commit(next));
            var began = Stopwatch.GetTimestamp();
            last = ((FollowResult.Commits)await follower.ReadAfter(last.Position, limit: 100)).Changes.Single();
            if (i >= WarmUp)
            {
                milliseconds.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        }

        Print(new { milliseconds = Medians.Of(milliseconds), last = last.Version });
    }

    private static byte[] Commit(long version) => Encoding.UTF8.GetBytes(
        $$$"""
        {"commitInfo":{"timestamp":{{{1704067200000 + (version * 5000)}}},"operation":"WRITE","isBlindAppend":true}}
        {"add":{"path":"event_time=2024-12-30/part-{{{version}}}.parquet","partitionValues":{"event_time":"2024-12-30"},"size":1000,"modificationTime":1704067200000,"dataChange":true,"stats":"{\"numRecords\":10}"}}

        """);

    private static void Print<T>(T line) => Console.WriteLine(JsonSerializer.Serialize(line));
}
