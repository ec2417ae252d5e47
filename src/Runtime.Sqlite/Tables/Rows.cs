using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Latecomer.Runtime.Sqlite;

/// <summary>How values of the runtime are columns.</summary>
internal static class Rows
{
    /// <summary>Above every key that begins with what stands before it: the highest code point, which is no character.</summary>
    public const string Highest = "\U0010FFFF";

    public static DateTimeOffset Time(this SqliteDataReader row, int column) => new(row.GetInt64(column), TimeSpan.Zero);

    public static string? TextOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static byte[] Bytes(this SqliteDataReader row, int column) => row.GetFieldValue<byte[]>(column);

    public static ActorId Actor(this SqliteDataReader row, int column) => ActorId.Parse(row.GetString(column));

    public static ActorId? ActorOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.Actor(column);

    public static Incarnation Incarnation(this SqliteDataReader row, int column) => new(Guid.ParseExact(row.GetString(column), "N"));

    public static Incarnation? IncarnationOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.Incarnation(column);

    public static RequestId? RequestOrNull(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : RequestId.Parse(row.GetString(column));

    /// <summary>A message in three columns: type, schema_version, body.</summary>
    public static SerializedMessage Message(this SqliteDataReader row, int column) =>
        new(row.GetString(column), row.GetInt32(column + 1), row.Bytes(column + 2));

    /// <summary>A set of shards as one parameter, for <c>json_each</c>.</summary>
    public static string Set(IEnumerable<ShardId> shards) => JsonSerializer.Serialize(shards.Select(s => s.Number));

    public static bool IsHeld(SqliteSession session, Lease lease) => session.Number(
        "SELECT 1 FROM lease WHERE shard = $1 AND epoch = $2 AND owner = $3", lease.Shard.Number, lease.Epoch, lease.Owner.ToString()) == 1;

    public static bool IsLive(SqliteSession session, Incarnation node, DateTimeOffset now) => session.Number(
        "SELECT 1 FROM node WHERE incarnation = $1 AND expires_at > $2", node.ToString(), now.UtcTicks) == 1;

    public static void Deliver(
        SqliteSession session, long id, ShardId shard, ActorId to, ActorId? from, SerializedMessage message, string cause, RequestId? request = null) =>
        session.Execute(
            "INSERT INTO mailbox (id, shard, actor, sender, type, schema_version, body, cause, attempts, request) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9)",
            id, shard.Number, to.ToString(), from?.ToString(), message.Type, message.SchemaVersion, message.Body, cause, request?.Value);
}
