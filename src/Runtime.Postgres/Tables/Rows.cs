using Npgsql;

namespace Latecomer.Runtime.Postgres;

/// <summary>How values of the runtime are columns.</summary>
internal static class Rows
{
    /// <summary>Above every key that begins with what stands before it: the highest code point, which is no character.</summary>
    public const string Highest = "\U0010FFFF";

    public static DateTimeOffset Time(this NpgsqlDataReader row, int column) => new(row.GetInt64(column), TimeSpan.Zero);

    public static string? TextOrNull(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static byte[] Bytes(this NpgsqlDataReader row, int column) => row.GetFieldValue<byte[]>(column);

    public static ActorId Actor(this NpgsqlDataReader row, int column) => ActorId.Parse(row.GetString(column));

    public static ActorId? ActorOrNull(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.Actor(column);

    public static Incarnation Incarnation(this NpgsqlDataReader row, int column) => new(row.GetGuid(column));

    public static Incarnation? IncarnationOrNull(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.Incarnation(column);

    public static RequestId? RequestOrNull(this NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : RequestId.Parse(row.GetString(column));

    /// <summary>A message in three columns: type, schema_version, body.</summary>
    public static SerializedMessage Message(this NpgsqlDataReader row, int column) =>
        new(row.GetString(column), row.GetInt32(column + 1), row.Bytes(column + 2));

    /// <summary>A set of shards as one parameter.</summary>
    public static int[] Set(IEnumerable<ShardId> shards) => [.. shards.Select(s => s.Number)];

    /// <summary>Some rows of all batches, each with its shard.</summary>
    public static List<(int Shard, T Item)> Of<T>(IReadOnlyList<TurnBatch> batches, Func<TurnBatch, List<T>> rows)
    {
        var all = new List<(int, T)>();
        foreach (var batch in batches)
        {
            foreach (var row in rows(batch))
            {
                all.Add((batch.Lease.Shard.Number, row));
            }
        }

        return all;
    }

    /// <summary>A column of rows as one parameter.</summary>
    public static TColumn[] Column<T, TColumn>(this List<T> rows, Func<T, TColumn> of)
    {
        var column = new TColumn[rows.Count];
        for (var i = 0; i < column.Length; i++)
        {
            column[i] = of(rows[i]);
        }

        return column;
    }

    /// <summary>Text for people without what no text of PostgreSQL can hold.</summary>
    public static string? Sayable(string? text) => text?.Replace('\0', '\uFFFD');
}
