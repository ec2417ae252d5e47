using System.Text;
using Latecomer.Runtime;
using Latecomer.Runtime.Sqlite;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Unit.Rules;
using Microsoft.Data.Sqlite;

namespace Latecomer.Tests.Unit.Golden;

/// <summary>What the runtime itself stores is read for ever: these files may grow, and what stands in them may not change.</summary>
public sealed class RuntimeFormatTests
{
    public static TheoryData<string, ActivityEnded> Ends { get; } = new()
    {
        { "completed", new ActivityEnded("load-1", "load", 2, ActivityOutcome.Completed, "{\"rows\":[1,2],\"note\":\"ü\"}"u8.ToArray(), Error: null) },
        { "failed", new ActivityEnded("load-1", "load", 1, ActivityOutcome.Failed, Output: null, "There is no such table.") },
        { "cancelled", new ActivityEnded("load-1", "load", 1, ActivityOutcome.Cancelled, Output: null, Error: null) },
    };

    [Theory]
    [MemberData(nameof(Ends))]
    public void The_end_of_an_activity_is_written_and_read_as_it_always_was(string name, ActivityEnded ended)
    {
        var message = ActivityEndedFormat.Write(ended);
        (message.Type, message.SchemaVersion).ShouldBe(("$ActivityEnded", 1));
        Hold($"activity-{name}.json", Encoding.UTF8.GetString(message.Body));
        var read = ActivityEndedFormat.Read(message);
        read.ShouldBe(ended with { Output = read.Output });
        (read.Output is null).ShouldBe(ended.Output is null);
        Encoding.UTF8.GetString(read.Output ?? []).ShouldBe(Encoding.UTF8.GetString(ended.Output ?? []));
    }

    [Fact]
    public void A_newer_end_of_an_activity_is_refused() =>
        Should.Throw<InvalidDataException>(() => ActivityEndedFormat.Read(new SerializedMessage("$ActivityEnded", 2, "{}"u8.ToArray())))
            .Message.ShouldContain("a newer build wrote it");

    [Fact]
    public void The_statuses_of_replies_keep_their_names() =>
        Hold("reply-statuses.txt", string.Join('\n', Enum.GetNames<ReplyStatus>()));

    [Fact]
    public void Causes_keep_their_form() => Hold("causes.txt", string.Join(
        '\n',
        Causes.OfRequest(RequestId.Parse("r-1")), Causes.OfTurn(new ActorId("Kind", "a/b"), 7), Causes.OfTimer("alarm", 7), Causes.OfActivity("load-1", 7),
        Causes.OfRequest(RequestId.Parse("r-1"), new RequestOrigin("Runs/Clear", "alice", "10.0.0.1"))));

    [Fact]
    public async Task The_schema_on_SQLite_is_what_it_was()
    {
        using var folder = new TemporaryFolder();
        await using (SqliteRuntimeStore.Open(folder.Path, TimeProvider.System))
        {
        }

        await using var connection = new SqliteConnection($"Data Source={Path.Combine(folder.Path, "runtime.db")};Pooling=False");
        connection.Open();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name";
        await using var reader = await command.ExecuteReaderAsync();
        var statements = new List<string>();
        while (await reader.ReadAsync())
        {
            statements.Add(reader.GetString(0));
        }

        Hold("schema.sql", string.Join("\n\n", statements));
    }

    [Fact]
    public void Actors_live_on_the_shards_on_which_they_always_lived() => Hold(
        "shards.txt",
        string.Join('\n', new[] { "Partition/p/1", "Partition/p/2", "Pipeline/p", "DeltaLogWatcher/t", "Partition/ü" }
            .Select(actor => $"{actor} {ShardId.OfHash(StableHash.Of(actor)).Number}")));

    private static void Hold(string name, string written)
    {
        var path = Path.Combine(Repository.Root, "tests", "Unit", "Golden", "Runtime", name);
        if (!File.Exists(path))
        {
            Environment.GetEnvironmentVariable("LATECOMER_WRITE_GOLDEN").ShouldBe("1", $"{name} is not there; run once with LATECOMER_WRITE_GOLDEN=1 and commit the file");
            File.WriteAllText(path, written + "\n");
        }

        written.ShouldBe(File.ReadAllText(path).TrimEnd('\n'), $"{name} holds what stores out there hold");
    }
}
