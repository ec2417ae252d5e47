using System.Globalization;
using System.Text;

namespace Latecomer.Tests.Nemesis;

/// <summary>Reads the text of PostgreSQL's output plugin <c>test_decoding</c>: a line for each beginning, change and commit.</summary>
internal sealed class TestDecoding
{
    private const string Schema = "latecomer.";

    private readonly List<WalChange> _changes = [];

    /// <summary>What was said outside of transactions, or in ones that were rolled back.</summary>
    public List<WalChange.Said> Asides { get; } = [];

    /// <summary>Takes the next line; gives a transaction when that was its commit.</summary>
    public WalTransaction? Read(string line)
    {
        if (line.StartsWith("BEGIN ", StringComparison.Ordinal))
        {
            _changes.Clear();
        }
        else if (line.StartsWith("COMMIT ", StringComparison.Ordinal))
        {
            return Commit(line);
        }
        else if (line.StartsWith("message: ", StringComparison.Ordinal))
        {
            Say(line);
        }
        else if (line.StartsWith("table " + Schema, StringComparison.Ordinal) && Change(line["table ".Length..]) is { } change)
        {
            _changes.Add(change);
        }

        return null;
    }

    private WalTransaction Commit(string line)
    {
        var at = line.IndexOf("(at ", StringComparison.Ordinal);
        var number = long.Parse(line["COMMIT ".Length..].Split(' ')[0], CultureInfo.InvariantCulture);
        return new WalTransaction(number, DateTimeOffset.Parse(line[(at + 4)..^1], CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal), [.. _changes]);
    }

    private void Say(string line)
    {
        const string content = " content:";
        var prefix = line.IndexOf("prefix: ", StringComparison.Ordinal) + "prefix: ".Length;
        var said = new WalChange.Said(
            line[prefix..line.IndexOf(", sz:", StringComparison.Ordinal)], line[(line.IndexOf(content, StringComparison.Ordinal) + content.Length)..]);
        if (line.Contains("transactional: 1", StringComparison.Ordinal))
        {
            _changes.Add(said);
        }
        else
        {
            Asides.Add(said);
        }
    }

    private static WalChange? Change(string line)
    {
        var name = line.IndexOf(": ", StringComparison.Ordinal);
        var table = line[Schema.Length..name];
        var kind = line.IndexOf(':', name + 2);
        var columns = Columns(line, kind + 1);
        return line[(name + 2)..kind] switch
        {
            "INSERT" => new WalChange.Put(table, IsNew: true, columns),
            "UPDATE" => new WalChange.Put(table, IsNew: false, columns),
            "DELETE" => new WalChange.Removed(table, columns),
            _ => null,
        };
    }

    /// <summary>Columns read <c>name[type]:value</c>, with a value in quotes if its type calls for them.</summary>
    private static Dictionary<string, string?> Columns(string line, int at)
    {
        var columns = new Dictionary<string, string?>(StringComparer.Ordinal);
        while (at < line.Length)
        {
            at++;
            var type = line.IndexOf('[', at);
            var value = line.IndexOf("]:", type, StringComparison.Ordinal) + 2;
            var (text, end) = line[value] == '\'' ? Quoted(line, value) : Bare(line, value);
            if (text != "unchanged-toast-datum")
            {
                columns[line[at..type].Trim('"')] = text;
            }

            at = end;
        }

        return columns;
    }

    private static (string? Text, int End) Bare(string line, int at)
    {
        var end = line.IndexOf(' ', at);
        end = end < 0 ? line.Length : end;
        return (line[at..end] is "null" ? null : line[at..end], end);
    }

    private static (string? Text, int End) Quoted(string line, int at)
    {
        var text = new StringBuilder();
        for (var i = at + 1; ; i++)
        {
            if (line[i] != '\'')
            {
                text.Append(line[i]);
            }
            else if (i + 1 < line.Length && line[i + 1] == '\'')
            {
                text.Append(line[i++]);
            }
            else
            {
                return (text.ToString(), i + 1);
            }
        }
    }
}
