using Spectre.Console;

namespace Latecomer.Node.Cli;

/// <summary>Rows that come one after the other under one header. Columns are as wide as what came so far.</summary>
internal sealed class RowLines(IAnsiConsole console, IReadOnlyList<string> columns)
{
    private const int Between = 2;

    private readonly int[] _widths = [.. columns.Select(c => c.Length)];

    /// <summary>Prints the header and the rows that are there.</summary>
    public void Begin(IReadOnlyList<IReadOnlyList<string>> rows)
    {
        foreach (var row in rows)
        {
            Widen(row);
        }

        Add([.. columns.Select(c => c.ToUpperInvariant())]);
        foreach (var row in rows)
        {
            Add(row);
        }
    }

    /// <summary>Prints one more row, in Spectre's markup.</summary>
    public void Add(IReadOnlyList<string> row)
    {
        Widen(row);
        console.MarkupLine(string.Concat(row.Select((cell, column) => cell + new string(' ', _widths[column] - Width(cell) + Between))).TrimEnd());
    }

    private static int Width(string cell) => Markup.Remove(cell).Length;

    private void Widen(IReadOnlyList<string> row)
    {
        for (var column = 0; column < _widths.Length; column++)
        {
            _widths[column] = Math.Max(_widths[column], Width(row[column]));
        }
    }
}
