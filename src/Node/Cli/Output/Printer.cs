using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Spectre.Console;

namespace Latecomer.Node.Cli;

/// <summary>Prints answers: as a table for people, as the API's JSON or the same in YAML for programs, or as lines of cells for scripts.</summary>
internal sealed class Printer(TextWriter to, OutputFormat format, bool hasColours)
{
    private static readonly JsonFormatter Indented = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(true).WithIndentation());
    private static readonly JsonFormatter OneLine = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(true));

    /// <summary>Whether programs read it, as JSON or YAML.</summary>
    public bool IsDocument => format is OutputFormat.Json or OutputFormat.Yaml;

    /// <summary>Whether people read it.</summary>
    public bool IsTable => format is OutputFormat.Table;

    /// <summary>The console that a table is drawn on.</summary>
    public IAnsiConsole Terminal => Terminals.Of(to, hasColours);

    /// <summary>Prints an answer; as a table it has these columns and rows, in Spectre's markup.</summary>
    public void Print(IMessage answer, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        if (IsDocument)
        {
            WriteDocument(answer);
        }
        else
        {
            Rows(columns, rows);
        }
    }

    /// <summary>Prints an answer; for people as one sentence, for scripts as the cells that count in it, or the sentence if there are none.</summary>
    public void Print(IMessage answer, string sentence, params string[] cells)
    {
        if (IsDocument)
        {
            WriteDocument(answer);
        }
        else
        {
            to.WriteLine(format is OutputFormat.Plain && cells.Length > 0 ? string.Join('\t', cells.Select(Cell)) : sentence);
        }
    }

    /// <summary>Prints rows, in Spectre's markup: as a table, or for scripts.</summary>
    public void Rows(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        if (format is OutputFormat.Plain)
        {
            foreach (var row in rows)
            {
                to.WriteLine(string.Join('\t', row.Select(cell => Cell(Markup.Remove(cell)))));
            }

            return;
        }

        Lines(columns).Begin([.. rows]);
    }

    /// <summary>Lines of a table that come one after the other. Nothing is cut: a terminal that is narrower goes on in the next line.</summary>
    public RowLines Lines(IReadOnlyList<string> columns)
    {
        var console = Terminal;
        console.Profile.Width = Terminals.Unlimited;
        return new RowLines(console, columns);
    }

    /// <summary>Rows as a table, in Spectre's markup.</summary>
    public static Table Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table().NoBorder();
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(column.ToUpperInvariant()).NoWrap().PadLeft(0).PadRight(2));
        }

        foreach (var row in rows)
        {
            table.AddRow([.. row.Select(cell => new Markup(cell))]);
        }

        return table;
    }

    /// <summary>Adds a line for people; the others have it in the answer.</summary>
    public void Remark(string line)
    {
        if (IsTable)
        {
            to.WriteLine(line);
        }
    }

    /// <summary>Prints one of many answers that come one after the other: JSON in a line, YAML as a document, or a row in Spectre's markup.</summary>
    public void Next(IMessage answer, IReadOnlyList<string> row)
    {
        switch (format)
        {
            case OutputFormat.Json:
                to.WriteLine(OneLine.Format(answer));
                break;
            case OutputFormat.Yaml:
                YamlOutput.Write(OneLine.Format(answer), to, isOneOfMany: true);
                break;
            default:
                Rows([], [row]);
                break;
        }

        to.Flush();
    }

    /// <summary>Prints what writes itself as JSON: as that, or as YAML.</summary>
    public async Task Document(Func<Stream, Task> write, bool isOneOfMany = false)
    {
        if (format is OutputFormat.Json)
        {
            await to.FlushAsync();
            await using var stdout = new BufferedStream(Console.OpenStandardOutput());
            await write(stdout);
            return;
        }

        using var json = new MemoryStream();
        await write(json);
        YamlOutput.Write(Encoding.UTF8.GetString(json.GetBuffer(), 0, (int)json.Length), to, isOneOfMany);
    }

    /// <summary>Prints what writes itself as JSON: as that, or as YAML.</summary>
    public Task Document(Action<Utf8JsonWriter> write) => Document(stream =>
    {
        using (var json = new Utf8JsonWriter(stream, ErrorDocument.Relaxed))
        {
            write(json);
        }

        stream.WriteByte((byte)'\n');
        return Task.CompletedTask;
    });

    // A cell is one line without tabs, whatever is in it.
    private static string Cell(string text) => string.Join(' ', text.Split(['\t', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries));

    private void WriteDocument(IMessage answer)
    {
        var json = Indented.Format(answer);
        if (format is OutputFormat.Yaml)
        {
            YamlOutput.Write(json, to);
        }
        else
        {
            to.WriteLine(json);
        }
    }
}
