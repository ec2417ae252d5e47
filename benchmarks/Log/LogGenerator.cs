using System.Globalization;
using System.Text.Json;

namespace Latecomer.Benchmarks.Log;

/// <summary>Writes a log as a busy table has it: an append of one or two files every five seconds, of about a kilobyte, mostly to the newest of 365 dates and every
/// fifth time to one of the month before. The same seed writes the same log.</summary>
internal static class LogGenerator
{
    private const int Dates = 365;
    private const int Seed = 42;
    private static readonly string[] PartitionColumns = ["event_time"];
    private static readonly DateOnly FirstDate = new(2024, 1, 1);

    internal static void Write(string table, int commits)
    {
        var folder = Path.Combine(table, "_delta_log");
        Directory.CreateDirectory(folder);
        var random = new Random(Seed);
        using var content = new MemoryStream();
        for (var version = 0; version < commits; version++)
        {
            content.SetLength(0);
            WriteCommit(content, random, version, commits);
            File.WriteAllBytes(Path.Combine(folder, $"{version.ToString("D20", CultureInfo.InvariantCulture)}.json"), content.ToArray());
        }
    }

    private static void WriteCommit(MemoryStream content, Random random, int version, int commits)
    {
        var time = 1704067200000 + (version * 5000L);
        var files = random.Next(1, 3);
        WriteLine(content, new
        {
            commitInfo = new
            {
                timestamp = time,
                operation = "WRITE",
                operationParameters = new { mode = "Append", partitionBy = "[\"event_time\"]" },
                readVersion = version - 1,
                isolationLevel = "Serializable",
                isBlindAppend = true,
                operationMetrics = new { numFiles = $"{files}", numOutputRows = $"{random.Next(10, 5000)}", numOutputBytes = $"{random.Next(1000, 900000)}" },
                engineInfo = "Apache-Spark/3.5.0 Delta-Lake/3.1.0",
                txnId = NewId(random),
            },
        });
        if (version == 0)
        {
            WriteDefinition(content, random, time);
        }

        for (var file = 0; file < files; file++)
        {
            WriteAdd(content, random, DateOf(random, version, commits), file, time);
        }
    }

    private static string DateOf(Random random, int version, int commits)
    {
        var late = random.Next(5) == 0 ? random.Next(31) : 0;
        var day = Math.Clamp((int)(Dates * (long)version / commits) - late, 0, Dates - 1);
        return FirstDate.AddDays(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    private static void WriteDefinition(MemoryStream content, Random random, long time)
    {
        var fields = new[] { ("visit_id", "string"), ("event_time", "date"), ("page", "string") };
        var schema = JsonSerializer.Serialize(new
        {
            type = "struct",
            fields = fields.Select(field => new { name = field.Item1, type = field.Item2, nullable = true, metadata = new { } }),
        });
        WriteLine(content, new
        {
            metaData = new
            {
                id = NewId(random),
                format = new { provider = "parquet", options = new { } },
                schemaString = schema,
                partitionColumns = PartitionColumns,
                configuration = new { },
                createdTime = time,
            },
        });
        WriteLine(content, new { protocol = new { minReaderVersion = 1, minWriterVersion = 2 } });
    }

    private static void WriteAdd(MemoryStream content, Random random, string date, int file, long time)
    {
        var stats = JsonSerializer.Serialize(new
        {
            numRecords = random.Next(10, 5000),
            minValues = new { visit_id = $"{random.Next()}_0", page = "about", user_id = NewId(random) },
            maxValues = new { visit_id = $"{random.Next()}_9", page = "page_9", user_id = NewId(random) },
            nullCount = new { visit_id = 0, page = 0, user_id = 0 },
        });
        WriteLine(content, new
        {
            add = new
            {
                path = $"event_time={date}/part-{file:D5}-{NewId(random)}.c000.snappy.parquet",
                partitionValues = new { event_time = date },
                size = random.Next(1000, 900000),
                modificationTime = time,
                dataChange = true,
                stats,
            },
        });
    }

    private static Guid NewId(Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }

    private static void WriteLine<T>(MemoryStream content, T action)
    {
        JsonSerializer.Serialize(content, action);
        content.WriteByte((byte)'\n');
    }
}
