using System.Collections.Immutable;
using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Runtime;
using Latecomer.Runtime.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace Latecomer.Benchmarks.Passivated;

/// <summary>A database with partitions that were processed and that nobody remembers: hours of pipelines, each with its state, one run in it that succeeded, and
/// an entry in the journal. Nothing waits.</summary>
/// <param name="store">Where it is.</param>
/// <param name="count">How many.</param>
internal sealed class PassivatedPartitions(string store, int count)
{
    private const int HoursOfEach = 10_000;

    private static readonly ActorCatalog Catalog = ActorIds.Catalog();
    private static readonly LogicalDate First = LogicalDate.Parse("2025-01-01");
    private static readonly TablePath Table = TablePath.Parse("devices");
    private static readonly TablePin Version = new(Guid.Empty.ToString(), 17);

    public string Store => store;

    public int Count => count;

    /// <summary>One of them.</summary>
    public static ActorId Actor(int number) => ActorIds.Partition(PipelineOf(number), DateOf(number));

    /// <summary>Makes the tables, fills them as turns would have, and leaves the server with nothing to do about it.</summary>
    /// <returns>Bytes of a state, in the mean.</returns>
    public async Task<long> Fill()
    {
        await Create();
        await (await PostgresRuntimeStore.Open(store, default)).DisposeAsync();
        await using var connection = new NpgsqlConnection(store);
        await connection.OpenAsync();
        var bytes = await CopyStates(connection);
        await WriteJournal(connection);
        await Do(connection, "VACUUM (ANALYZE)");
        await Do(connection, "CHECKPOINT");
        return bytes / count;
    }

    private static PipelineName PipelineOf(int number) => PipelineName.Parse($"device_loader_{number / HoursOfEach:D3}");

    private static LogicalDate DateOf(int number) => Schedule.Hourly.Shift(First, number % HoursOfEach);

    private static PipelineDefinition DefinitionOf(int number) => new(
        PipelineOf(number), [new PipelineInput(Table, "event_time", "yyyy-MM-dd-HH", 0, 0)], Schedule.Hourly, First, End: null, 3, 2, 3, TimeSpan.FromMinutes(1),
        new Work.BuiltIn("process_devices", "device_summary", TablePath.Parse("summary")), ".");

    private static PartitionState StateOf(int number, PipelineDefinition definition)
    {
        var date = DateOf(number);
        var at = Schedule.Hourly.Next(date).Start;
        var run = DagRun.Create(RunId.Scheduled(date), RunKind.Scheduled, at);
        var ended = run with
        {
            State = RunState.Success,
            EndedAt = at,
            Tasks = [.. run.Tasks.Select(t => t with { State = TaskState.Success, Try = 1, StartedAt = at, EndedAt = at })],
            Pin = Pin.None.With(Table, Version),
            HoldNumber = 1,
        };
        return PartitionState.Empty with
        {
            Definition = definition,
            Inputs = ImmutableSortedDictionary<TablePath, InputState>.Empty.Add(Table, new InputState(1, new InputChange(Version.TableId, Version.Version, at, 1000, 100_000), [])),
            LastProcessed = ended.Pin,
            LastProcessedBy = ended.RunId,
            HoldNumber = 1,
            Runs = [ended],
        };
    }

    private static async Task Do(NpgsqlConnection connection, string statement, params object[] parameters)
    {
        await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 0 };
        command.Parameters.AddRange(Array.ConvertAll(parameters, p => new NpgsqlParameter { Value = p }));
        await command.ExecuteNonQueryAsync();
    }

    private async Task Create()
    {
        var settings = new NpgsqlConnectionStringBuilder(store);
        var name = settings.Database!;
        settings.Database = "postgres";
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        await Do(connection, $"CREATE DATABASE {name}");
    }

    private async Task<long> CopyStates(NpgsqlConnection connection)
    {
        var behavior = Catalog.BehaviorOf(Actor(0));
        var (bytes, definition) = (0L, DefinitionOf(0));
        await using var rows = await connection.BeginBinaryImportAsync("COPY latecomer.actor_state (shard, actor, revision, schema_version, body) FROM STDIN (FORMAT binary)");
        for (var number = 0; number < count; number++)
        {
            definition = number % HoursOfEach == 0 ? DefinitionOf(number) : definition;
            var actor = Actor(number);
            var body = behavior.WriteState(StateOf(number, definition));
            bytes += body.Length;
            await rows.StartRowAsync();
            await rows.WriteAsync(Catalog.ShardOf(actor).Number, NpgsqlDbType.Integer);
            await rows.WriteAsync(actor.ToString(), NpgsqlDbType.Text);
            await rows.WriteAsync(1L, NpgsqlDbType.Bigint);
            await rows.WriteAsync(behavior.SchemaVersion, NpgsqlDbType.Integer);
            await rows.WriteAsync(body, NpgsqlDbType.Bytea);
        }

        await rows.CompleteAsync();
        return bytes;
    }

    /// <summary>The same entry for each: what counts is how many there are.</summary>
    private static Task WriteJournal(NpgsqlConnection connection)
    {
        var entry = Catalog.BehaviorOf(Actor(0)).WriteEntry(new PartitionEntry.LatenessReported(Late: false));
        return Do(
            connection,
            """
            INSERT INTO latecomer.journal (shard, position, actor, revision, type, schema_version, body, cause, at)
            SELECT shard, row_number() OVER (PARTITION BY shard ORDER BY actor), actor, revision, $1, $2, $3, 'bench', 0 FROM latecomer.actor_state
            """,
            entry.Type, entry.SchemaVersion, entry.Body);
    }
}
