using System.Text;

namespace Latecomer.DeltaLog;

/// <summary>Names of new data files as Spark gives them: a Hive-style folder per partition column, and in it <c>part-00000-&lt;uuid&gt;.c000.snappy.parquet</c>.</summary>
internal static class DataFilePath
{
    private const string NullFolder = "__HIVE_DEFAULT_PARTITION__";
    private const string Escaped = "\"#%'*/:=?\\\u007F{[]^";

    /// <summary>The path of a new file, decoded: what the store is asked for. The log has it encoded.</summary>
    internal static string Of(PartitionValues partition, IReadOnlyList<string> partitionColumns, Guid id)
    {
        var path = new StringBuilder();
        foreach (var column in partitionColumns)
        {
            path.Append(Escape(column)).Append('=').Append(partition[column] is { } value ? Escape(value) : NullFolder).Append('/');
        }

        var separator = partitionColumns.Count > 0 ? '.' : '-';
        return path.Append("part-00000-").Append(id.ToString("D")).Append(separator).Append("c000.snappy.parquet").ToString();
    }

    private static string Escape(string name)
    {
        var escaped = new StringBuilder(name.Length);
        foreach (var unit in name)
        {
            if (unit < ' ' || Escaped.Contains(unit, StringComparison.Ordinal))
            {
                escaped.Append('%').Append(((int)unit).ToString("X2"));
            }
            else
            {
                escaped.Append(unit);
            }
        }

        return escaped.ToString();
    }
}
