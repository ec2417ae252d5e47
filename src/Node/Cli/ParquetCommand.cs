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
            () => WriteRows(parsed.GetValue(file)!, parsed.GetValue(limit), cancellation), new Printer(Console.Out, OutputFormat.Json, hasColours: false)));
        return command;
    }

    private static Command Meta()
    {
        var file = File();
        var output = new OutputOption();
        var command = new Command("meta", "Prints what a Parquet file says of itself: columns, row groups, encodings, statistics.") { file, output };
        command.SetAction((parsed, cancellation) =>
        {
            var printer = output.Printer(parsed);
            return OrDocument(() => WriteMeta(parsed.GetValue(file)!, printer, cancellation), printer);
        });
        return command;
    }

    private static async Task WriteMeta(string path, Printer printer, CancellationToken cancellation)
    {
        await using var source = FileSource.Open(path);
        var reader = await ParquetReader.OpenAsync(source, cancellationToken: cancellation);
        if (!printer.IsDocument)
        {
            ParquetMeta.WriteTables(reader.Metadata, printer);
            return;
        }

        await printer.Document(stream =>
        {
            ParquetMeta.WriteJson(reader.Metadata, stream);
            return Task.CompletedTask;
        });
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

    /// <summary>A refused file is told as a document where one was to come, and as a sentence everywhere.</summary>
    private static async Task<int> OrDocument(Func<Task> run, Printer printer)
    {
        try
        {
            await run();
            return ExitCode.Ok;
        }
        catch (ParquetException refused)
        {
            if (printer.IsDocument)
            {
                await ErrorDocument.Write(printer, refused.Kind.ToString(), refused.Message);
            }

            throw new Refusal(ExitCode.Failed, refused.Message, refused);
        }
    }

    private static Argument<string> File() => new(Names.File) { Description = "The file." };
}
