namespace Latecomer.Parquet.Writing;

/// <summary>A run of rows at one place in the schema: for each entry its levels so far, and which row of the place's data it goes on with. An entry
/// that ended above, at a null or an empty list, goes on with none.</summary>
internal sealed class Entries : IDisposable
{
    /// <summary>The row of an entry that has ended.</summary>
    public const int Ended = -1;

    private readonly PendingValues<byte> repetition = new();
    private readonly PendingValues<byte> definition = new();
    private readonly PendingValues<int> rows = new();

    public int Count => rows.Count;

    public ReadOnlySpan<byte> Repetition => repetition.Written;

    public Span<byte> Definition => definition.Written;

    public Span<int> Rows => rows.Written;

    /// <summary>Makes of this the rows [<paramref name="first"/>, <paramref name="end"/>) of a top-level column.</summary>
    public void Begin(int first, int end)
    {
        Clear();
        repetition.Append(end - first).Clear();
        definition.Append(end - first).Clear();
        var numbers = rows.Append(end - first);
        for (var index = 0; index < numbers.Length; index++)
        {
            numbers[index] = first + index;
        }
    }

    public void Clear()
    {
        repetition.Clear();
        definition.Clear();
        rows.Clear();
    }

    /// <summary>Makes of this a copy, whose definition levels and rows may be changed.</summary>
    public void Copy(Entries other)
    {
        Clear();
        other.Repetition.CopyTo(repetition.Append(other.Count));
        other.Definition.CopyTo(definition.Append(other.Count));
        other.Rows.CopyTo(rows.Append(other.Count));
    }

    public void Add(byte repetitionLevel, byte definitionLevel, int row)
    {
        repetition.Append(1)[0] = repetitionLevel;
        definition.Append(1)[0] = definitionLevel;
        rows.Append(1)[0] = row;
    }

    /// <summary>Adds the elements of a list that has some: the first continues what its list's entry began.</summary>
    public void AddElements(byte firstRepetition, byte nextRepetition, byte definitionLevel, int first, int count)
    {
        var levels = repetition.Append(count);
        levels.Fill(nextRepetition);
        levels[0] = firstRepetition;
        definition.Append(count).Fill(definitionLevel);
        var numbers = rows.Append(count);
        for (var index = 0; index < count; index++)
        {
            numbers[index] = first + index;
        }
    }

    /// <summary>Whether an entry begins a row of the file, or stands behind the last one.</summary>
    public bool IsRowStart(int entry) => entry == Count || Repetition[entry] == 0;

    /// <summary>Where the row of an entry ends.</summary>
    public int RowEnd(int entry)
    {
        var next = Repetition[(entry + 1)..].IndexOf((byte)0);
        return next < 0 ? Count : entry + 1 + next;
    }

    public void Dispose()
    {
        repetition.Dispose();
        definition.Dispose();
        rows.Dispose();
    }
}
