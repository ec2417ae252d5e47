namespace Latecomer.Node.Cli;

/// <summary>Reads lines at a terminal, with the keys of readline: moving and removing, history, completion.</summary>
/// <param name="screen">The terminal.</param>
/// <param name="nextKey">Waits for a key.</param>
/// <param name="widthOf">How many columns the terminal has.</param>
/// <param name="history">The lines of before.</param>
/// <param name="complete">Says what the last word of a line may become; null where it is a file.</param>
internal sealed class LineEditor(TextWriter screen, Func<ConsoleKeyInfo> nextKey, Func<int> widthOf, History history, Func<string, Task<IReadOnlyList<Candidate>?>> complete)
{
    private const string ClearRest = "\u001b[K";
    private const string ClearScreen = "\u001b[H\u001b[2J";
    private const int MostShown = 100;

    /// <summary>Reads a line.</summary>
    /// <returns>It; empty when it was given up (Ctrl-C), null when there are no more (Ctrl-D).</returns>
    public async Task<string?> Read(string prompt)
    {
        var line = EditedLine.Empty;
        history.Rewind();
        while (true)
        {
            Draw(prompt, line);
            var key = nextKey();
            switch (key)
            {
                case { Key: ConsoleKey.Enter }:
                    Draw(prompt, line.MoveTo(line.Text.Length));
                    await screen.WriteLineAsync();
                    return line.Text;
                case { Key: ConsoleKey.C, Modifiers: ConsoleModifiers.Control }:
                    await screen.WriteLineAsync("^C");
                    return "";
                case { Key: ConsoleKey.D, Modifiers: ConsoleModifiers.Control } when line.Text.Length == 0:
                    await screen.WriteLineAsync();
                    return null;
                case { Key: ConsoleKey.L, Modifiers: ConsoleModifiers.Control }:
                    await screen.WriteAsync(ClearScreen);
                    break;
                case { Key: ConsoleKey.Tab }:
                    line = await Complete(line);
                    break;
                default:
                    line = key.Modifiers.HasFlag(ConsoleModifiers.Control) || key.Modifiers.HasFlag(ConsoleModifiers.Alt) ? WithControl(line, key) : Plain(line, key);
                    break;
            }
        }
    }

    private EditedLine Plain(EditedLine line, ConsoleKeyInfo key) => key.Key switch
    {
        ConsoleKey.Backspace => line.RemoveBefore(),
        ConsoleKey.Delete => line.RemoveAfter(),
        ConsoleKey.LeftArrow => line.MoveTo(line.Cursor - 1),
        ConsoleKey.RightArrow => line.MoveTo(line.Cursor + 1),
        ConsoleKey.Home => line.MoveTo(0),
        ConsoleKey.End => line.MoveTo(line.Text.Length),
        ConsoleKey.UpArrow => history.Before(line.Text) is { } before ? EditedLine.AtEnd(before) : line,
        ConsoleKey.DownArrow => history.After() is { } after ? EditedLine.AtEnd(after) : line,
        _ => char.IsControl(key.KeyChar) ? line : line.Insert($"{key.KeyChar}"),
    };

    private EditedLine WithControl(EditedLine line, ConsoleKeyInfo key) => key.Key switch
    {
        ConsoleKey.A => line.MoveTo(0),
        ConsoleKey.E => line.MoveTo(line.Text.Length),
        ConsoleKey.B => line.MoveTo(line.Cursor - 1),
        ConsoleKey.F => line.MoveTo(line.Cursor + 1),
        ConsoleKey.D => line.RemoveAfter(),
        ConsoleKey.H => line.RemoveBefore(),
        ConsoleKey.K => line.RemoveRest(),
        ConsoleKey.U => line.RemoveFrom(0),
        ConsoleKey.W or ConsoleKey.Backspace => line.RemoveWordBefore(),
        ConsoleKey.LeftArrow => line.MoveToWordBefore(),
        ConsoleKey.RightArrow => line.MoveToWordAfter(),
        ConsoleKey.P => history.Before(line.Text) is { } before ? EditedLine.AtEnd(before) : line,
        ConsoleKey.N => history.After() is { } after ? EditedLine.AtEnd(after) : line,
        _ => line,
    };

    /// <summary>Goes as far as all candidates agree; shows them where that is nowhere.</summary>
    private async Task<EditedLine> Complete(EditedLine line)
    {
        if (await complete(line.Before) is not { Count: > 0 } candidates)
        {
            return line;
        }

        if (candidates is [var only])
        {
            return line.ReplaceWord($"{only.Value} ");
        }

        var common = CommonStart(candidates);
        var word = line.Before[(line.Before.LastIndexOf(' ') + 1)..];
        if (common.Length > word.Length)
        {
            return line.ReplaceWord(common);
        }

        Show(candidates);
        return line;
    }

    private static string CommonStart(IReadOnlyList<Candidate> candidates)
    {
        var length = candidates.Min(c => c.Value.Length);
        while (candidates.Any(c => string.CompareOrdinal(c.Value, 0, candidates[0].Value, 0, length) != 0))
        {
            length--;
        }

        return candidates[0].Value[..length];
    }

    private void Show(IReadOnlyList<Candidate> candidates)
    {
        screen.WriteLine();
        var width = candidates.Max(c => c.Value.Length);
        foreach (var candidate in candidates.Take(MostShown))
        {
            var row = $"{candidate.Value.PadRight(width)}  {candidate.Description}".TrimEnd();
            screen.WriteLine(row.Length < widthOf() ? row : row[..Math.Max(width, widthOf() - 1)]);
        }

        if (candidates.Count > MostShown)
        {
            screen.WriteLine($"and {candidates.Count - MostShown} more");
        }
    }

    /// <summary>Draws the line anew, and of one that is longer than the terminal is wide the part around the cursor.</summary>
    private void Draw(string prompt, EditedLine line)
    {
        var room = Math.Max(1, widthOf() - prompt.Length - 1);
        var start = Math.Max(0, line.Cursor - room);
        var shown = line.Text.Substring(start, Math.Min(room, line.Text.Length - start));
        var back = shown.Length - (line.Cursor - start);
        screen.Write($"\r{prompt}{shown}{ClearRest}{(back > 0 ? $"\u001b[{back}D" : "")}");
        screen.Flush();
    }
}
