using Google.Protobuf;
using Spectre.Console;

namespace Latecomer.Node.Cli;

/// <summary>Prints answers: as a table for people, or as the API's JSON for programs.</summary>
internal sealed class Printer(TextWriter to, bool isJson)
{
    // Nothing is cut or wrapped where no terminal sets a width.
    private const int WidthOfPipes = 400;

    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(true).WithIndentation());

    /// <summary>Prints an answer; as a table it has these columns and rows, in Spectre's markup.</summary>
    public void Print(IMessage answer, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        if (isJson)
        {
            to.WriteLine(Formatter.Format(answer));
            return;
        }

        Write(to, columns, rows);
    }

    /// <summary>Prints rows as a table, in Spectre's markup.</summary>
    public static void Write(TextWriter to, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
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

        Terminal(to).Write(table);
    }

    /// <summary>Adds a line for people; programs have it in the answer.</summary>
    public void Remark(string line)
    {
        if (!isJson)
        {
            to.WriteLine(line);
        }
    }

    /// <summary>Prints an answer; for people, as one sentence.</summary>
    public void Print(IMessage answer, string sentence) => to.WriteLine(isJson ? Formatter.Format(answer) : sentence);

    /// <summary>The console behind <paramref name="to"/>: colours and its own width on a terminal, plain and wide elsewhere.</summary>
    public static IAnsiConsole Terminal(TextWriter to)
    {
        var output = new AnsiConsoleOutput(to);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = output, Ansi = output.IsTerminal ? AnsiSupport.Detect : AnsiSupport.No });
        if (!output.IsTerminal)
        {
            console.Profile.Width = WidthOfPipes;
        }

        return console;
    }
}
