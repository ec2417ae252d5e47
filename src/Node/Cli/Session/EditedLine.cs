namespace Latecomer.Node.Cli;

/// <summary>A line that is being typed, and where in it.</summary>
/// <param name="Text">The line.</param>
/// <param name="Cursor">Before which character the next one goes.</param>
internal sealed record EditedLine(string Text, int Cursor)
{
    /// <summary>Nothing yet.</summary>
    public static EditedLine Empty { get; } = new("", 0);

    /// <summary>What is typed up to the cursor.</summary>
    public string Before => Text[..Cursor];

    /// <summary>A line, to be gone on with at its end.</summary>
    public static EditedLine AtEnd(string text) => new(text, text.Length);

    /// <summary>With a text at the cursor.</summary>
    public EditedLine Insert(string text) => new(Text.Insert(Cursor, text), Cursor + text.Length);

    /// <summary>The cursor elsewhere, as far as there is a line.</summary>
    public EditedLine MoveTo(int cursor) => this with { Cursor = Math.Clamp(cursor, 0, Text.Length) };

    /// <summary>The cursor at the beginning of the word before it.</summary>
    public EditedLine MoveToWordBefore() => MoveTo(WordBefore());

    /// <summary>The cursor behind the word after it.</summary>
    public EditedLine MoveToWordAfter()
    {
        var at = Cursor;
        while (at < Text.Length && Text[at] == ' ')
        {
            at++;
        }

        while (at < Text.Length && Text[at] != ' ')
        {
            at++;
        }

        return MoveTo(at);
    }

    /// <summary>Without what is between a place and the cursor.</summary>
    public EditedLine RemoveFrom(int start) => new(Text.Remove(start, Cursor - start), start);

    /// <summary>Without the character before the cursor.</summary>
    public EditedLine RemoveBefore() => Cursor == 0 ? this : RemoveFrom(Cursor - 1);

    /// <summary>Without the character after the cursor.</summary>
    public EditedLine RemoveAfter() => Cursor == Text.Length ? this : this with { Text = Text.Remove(Cursor, 1) };

    /// <summary>Without the word before the cursor.</summary>
    public EditedLine RemoveWordBefore() => RemoveFrom(WordBefore());

    /// <summary>Without all behind the cursor.</summary>
    public EditedLine RemoveRest() => this with { Text = Before };

    /// <summary>With another word for the one that ends at the cursor.</summary>
    public EditedLine ReplaceWord(string word) => RemoveFrom(Before.LastIndexOf(' ') + 1).Insert(word);

    private int WordBefore()
    {
        var at = Cursor;
        while (at > 0 && Text[at - 1] == ' ')
        {
            at--;
        }

        while (at > 0 && Text[at - 1] != ' ')
        {
            at--;
        }

        return at;
    }
}
