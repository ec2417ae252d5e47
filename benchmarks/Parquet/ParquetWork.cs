using System.Diagnostics;
using System.Text.Json;
using Latecomer.Parquet;

namespace Latecomer.Benchmarks.Parquet;

/// <summary>What is measured of Parquet files; each prints one line of JSON.</summary>
internal static class ParquetWork
{
    private const int Times = 5;
    private static readonly string[] Columns = ["id", "n", "page"];

    /// <summary>Reads three columns, on one thread, and adds up every value of them; several times, for the first time the code is still being compiled.</summary>
    internal static async Task Scan(string path)
    {
        var (check, seconds) = ("", new List<double>());
        for (var time = 0; time < Times; time++)
        {
            var began = Stopwatch.GetTimestamp();
            check = await AddUp(path);
            seconds.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
        }

        Print(new { check, seconds = Medians.Of(seconds), first = seconds[0], peakBytes = Machine.PeakMemory() });
    }

    private static async Task<string> AddUp(string path)
    {
        await using var source = FileSource.Open(path);
        var reader = await ParquetReader.OpenAsync(source);
        var (ids, numbers, letters) = (0L, 0L, 0L);
        await foreach (var batch in reader.ReadAsync(Columns))
        {
            ids += Sum((ValueColumn<long>)batch.Columns[0]);
            numbers += Sum((ValueColumn<long>)batch.Columns[1]);
            letters += Letters((BinaryColumn)batch.Columns[2]);
            batch.Dispose();
        }

        return $"{ids} {numbers} {letters}";
    }

    /// <summary>Writes what a file holds to another one. What is measured begins when all of it is in memory, and ends before the disk has it.</summary>
    internal static async Task Write(string path, string to)
    {
        await using var source = FileSource.Open(path);
        var reader = await ParquetReader.OpenAsync(source);
        var batches = new List<ColumnBatch>();
        await foreach (var batch in reader.ReadAsync())
        {
            batches.Add(batch);
        }

        var began = Stopwatch.GetTimestamp();
        await using (var stream = File.Create(to))
        {
            using var writer = new ParquetWriter(stream, reader.Metadata.Schema);
            foreach (var batch in batches)
            {
                await writer.WriteAsync(batch);
            }

            await writer.CompleteAsync();
        }

        Print(new { seconds = Stopwatch.GetElapsedTime(began).TotalSeconds, peakBytes = Machine.PeakMemory() });
    }

    private static long Sum(ValueColumn<long> column)
    {
        var sum = 0L;
        if (column.NullCount == 0)
        {
            foreach (var value in column.Values)
            {
                sum += value;
            }

            return sum;
        }

        var values = column.Values;
        var valid = column.Validity;
        for (var row = 0; row < values.Length; row++)
        {
            sum += valid[row] ? values[row] : 0;
        }

        return sum;
    }

    private static long Letters(BinaryColumn column)
    {
        var sum = 0L;
        for (var row = 0; row < column.Length; row++)
        {
            sum += column.GetBytes(row).Length;
        }

        return sum;
    }

    private static void Print<T>(T line) => Console.WriteLine(JsonSerializer.Serialize(line));
}
