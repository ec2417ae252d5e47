using System.Data.Common;
using System.Text.Json;
using Latecomer.Grpc;
using Latecomer.Node.Protocol;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Latecomer.Tests.Integration.Watching;

/// <summary>What watches tell, and what they should, by the journal itself: of each partition the changes in order.</summary>
internal static class ToldChanges
{
    private static readonly HashSet<string> OfRunsAlone =
    [
        "StepTaken", "WaitChanged", "SlotTaken", "SlotGivenBack", "TaskQueued", "TaskStarted", "TaskRescheduled", "TaskEnded", "PinBegun", "SensorWaited", "ClaimsReceived",
        "TriggerConfirmed", "ClearRequested", "TasksCleared", "LaterTasksCleared", "ClearSeen", "DefinitionSeen", "ExternalMarkBegun", "ExternalMarkAsked", "ExternalMarkAnswered",
    ];

    public static Task<(List<string> Runs, List<string> Partitions)> OfSqlite(string data) =>
        Read(new SqliteConnection($"Data Source={Path.Combine(data, "state", "runtime.db")};Pooling=False;Mode=ReadOnly"), "journal");

    public static Task<(List<string> Runs, List<string> Partitions)> OfPostgres(string connectionString) =>
        Read(new NpgsqlConnection(connectionString + ";Pooling=false"), "latecomer.journal");

    public static string Of(RunChange change) => $"{change.LogicalDate} {change.Revision} {change.Type} {change.RunId}";

    public static string Of(PartitionChange change) => $"{change.LogicalDate} {change.Revision} {change.Type} {change.Detail}";

    /// <summary>Reads a watch until it has told so much, and groups that by partition, in the order in which it came.</summary>
    public static async Task<List<string>> Take<TResponse>(
        IAsyncEnumerator<TResponse> watch, int count, Func<TResponse, IEnumerable<string>> changes)
    {
        var told = new List<string>();
        while (told.Count < count)
        {
            (await watch.MoveNextAsync()).ShouldBeTrue();
            told.AddRange(changes(watch.Current));
        }

        return Ordered(told);
    }

    /// <summary>By partition; within one as it was.</summary>
    public static List<string> Ordered(IEnumerable<string> changes) => [.. changes.OrderBy(c => c[..c.IndexOf(' ', StringComparison.Ordinal)], StringComparer.Ordinal)];

    public static IAsyncEnumerator<WatchRunsResponse> Runs(RpcChannel channel, CancellationToken cancellation, string token = "") => channel.Stream<WatchRunsResponse>(
        RunsReflection.Descriptor.Services[0].FindMethodByName("Watch"), new WatchRunsRequest { ResumeToken = token }, cancellation: cancellation).GetAsyncEnumerator(cancellation);

    public static IAsyncEnumerator<WatchPartitionsResponse> Partitions(RpcChannel channel, CancellationToken cancellation, string pipeline = "", string token = "") =>
        channel.Stream<WatchPartitionsResponse>(
            PartitionsReflection.Descriptor.Services[0].FindMethodByName("Watch"), new WatchPartitionsRequest { Pipeline = pipeline, ResumeToken = token },
            cancellation: cancellation).GetAsyncEnumerator(cancellation);

    private static async Task<(List<string> Runs, List<string> Partitions)> Read(DbConnection connection, string table)
    {
        await using var opened = connection;
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT actor, revision, type, body FROM {table} WHERE actor LIKE 'Partition/%' ORDER BY shard, position";
        await using var reader = await command.ExecuteReaderAsync();
        var (runs, partitions) = (new List<string>(), new List<string>());
        while (await reader.ReadAsync())
        {
            var (date, type, body) = (reader.GetString(0).Split('/')[2], reader.GetString(2), System.Text.Encoding.UTF8.GetString(reader.GetFieldValue<byte[]>(3)));
            using var entry = JsonDocument.Parse(body);
            if (entry.RootElement.TryGetProperty("run", out var run))
            {
                // A clear is told for each of its tasks.
                var times = type == "TasksCleared" ? entry.RootElement.GetProperty("tasks").GetArrayLength() : 1;
                runs.AddRange(Enumerable.Repeat($"{date} {reader.GetInt64(1)} {type} {run.GetString()}", times));
            }

            if (!OfRunsAlone.Contains(type))
            {
                partitions.Add($"{date} {reader.GetInt64(1)} {type} {body}");
            }
        }

        return (Ordered(runs), Ordered(partitions));
    }
}
