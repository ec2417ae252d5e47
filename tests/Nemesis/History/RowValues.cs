using System.Globalization;
using Latecomer.Runtime;

namespace Latecomer.Tests.Nemesis;

/// <summary>Values of rows, as the store's tables have them.</summary>
internal static class RowValues
{
    public static string Text(this IReadOnlyDictionary<string, string?> row, string column) => row[column] ?? throw new FormatException($"{column} is null");

    public static long Long(this IReadOnlyDictionary<string, string?> row, string column) => long.Parse(row.Text(column), CultureInfo.InvariantCulture);

    public static int Int(this IReadOnlyDictionary<string, string?> row, string column) => int.Parse(row.Text(column), CultureInfo.InvariantCulture);

    public static ShardId Shard(this IReadOnlyDictionary<string, string?> row) => new(row.Int("shard"));

    public static ActorId Actor(this IReadOnlyDictionary<string, string?> row, string column = "actor") => ActorId.Parse(row.Text(column));

    public static ActorId? ActorOrNull(this IReadOnlyDictionary<string, string?> row, string column) => row[column] is { } text ? ActorId.Parse(text) : null;

    public static byte[] Bytes(this IReadOnlyDictionary<string, string?> row, string column) => Convert.FromHexString(row.Text(column).AsSpan(2));

    public static SerializedMessage Message(this IReadOnlyDictionary<string, string?> row) => new(row.Text("type"), row.Int("schema_version"), row.Bytes("body"));

    public static ActivityKey Activity(this IReadOnlyDictionary<string, string?> row) => new(row.Actor(), row.Text("id"));
}
