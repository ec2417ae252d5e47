using System.CommandLine;
using Latecomer.Parquet;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer parquet</c>: looks into one file.</summary>
internal static class ParquetCommand
{
    /// <summary>The command.</summary>
    public static Command Create() => new("parquet", "Looks into a Parquet file.") { Cat(), Meta() };

    private static Command Cat()
    {
        var file = File();
        var limit = Options.Number("--limit", "At most so many rows.", long.MaxValue, 0L, long.MaxValue);
        limit.HelpName = "rows";
        var command = new Command("cat", "Prints the rows of a Parquet file as JSON, an object per line, without loss.") { file, limit };
        command.SetAction((parsed, cancellation) => OrDocument(
            () => WriteRows(parsed.GetValue(file)!, parsed.GetValue(limit), cancellation), isJson: true));
        return command;
    }

    private static Command Meta()
    {
        var file = File();
        var output = new OutputOption();
        var command = new Command("meta", "Prints what a Parquet file says of itself: columns, row groups, encodings, statistics.") { file, output };
        command.SetAction((parsed, cancellation) => OrDocument(
            async () =>
            {
                await using var source = FileSource.Open(parsed.GetValue(file)!);
                var reader = await ParquetReader.OpenAsync(source, cancellationToken: cancellation);
                if (output.IsJson(parsed))
                {
                    using var stdout = Console.OpenStandardOutput();
                    ParquetMeta.WriteJson(reader.Metadata, stdout);
                }
                else
                {
                    ParquetMeta.WriteTables(reader.Metadata, Console.Out);
                }
            },
            output.IsJson(parsed)));
        return command;
    }

    private static async Task WriteRows(string path, long limit, CancellationToken cancellation)
    {
        await using var source = FileSource.Open(path);
        var reader = await ParquetReader.OpenAsync(source, cancellationToken: cancellation);
        await using var stdout = Console.OpenStandardOutput();
        using var lines = new JsonLinesWriter(stdout);
        if (limit == 0)
        {
            return;
        }

        var left = limit;
        await foreach (var batch in reader.ReadAsync(cancellationToken: cancellation))
        {
            using (batch)
            {
                var rows = (int)Math.Min(left, batch.RowCount);
                await lines.WriteAsync(batch, rows, cancellation);
                left -= rows;
            }

            if (left == 0)
            {
                return;
            }
        }
    }

    /// <summary>A refused file is told as JSON where JSON was to come, and as a sentence everywhere.</summary>
    private static async Task<int> OrDocument(Func<Task> run, bool isJson)
    {
        try
        {
            await run();
            return ExitCode.Ok;
        }
        catch (ParquetException refused)
        {
            if (isJson)
            {
                ErrorDocument.Write(refused.Kind.ToString(), refused.Message);
            }

            throw new Refusal(ExitCode.Failed, refused.Message, refused);
        }
    }

    private static Argument<string> File() => new("FILE") { Description = "The file." };
}
