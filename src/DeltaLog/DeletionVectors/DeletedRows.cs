namespace Latecomer.DeltaLog;

/// <summary>The rows of a data file that are deleted, by their number in the file.</summary>
internal sealed class DeletedRows
{
    private readonly List<(long First, RoaringContainer Rows)> _containers;

    /// <summary>Takes containers with the row that each begins at, in order.</summary>
    internal DeletedRows(List<(long First, RoaringContainer Rows)> containers, long count)
    {
        _containers = containers;
        Count = count;
    }

    /// <summary>How many there are.</summary>
    internal long Count { get; }

    /// <summary>The greatest of them; -1 when there are none.</summary>
    internal long Last => _containers.Count == 0 ? -1 : _containers[^1].First + _containers[^1].Rows.Last;

    /// <summary>Those of <paramref name="count"/> rows from <paramref name="from"/> on that are not deleted, counted from there; null when none of them is deleted.</summary>
    internal int[]? LiveOf(long from, int count)
    {
        bool[]? deleted = null;
        for (var at = FirstThatReaches(from); at < _containers.Count && _containers[at].First < from + count; at++)
        {
            deleted ??= new bool[count];
            Mark(_containers[at], from, deleted);
        }

        var gone = deleted.AsSpan().Count(true);
        if (gone == 0)
        {
            return null;
        }

        var live = new int[count - gone];
        for (var (row, next) = (0, 0); next < live.Length; row++)
        {
            live[next] = row;
            next += deleted![row] ? 0 : 1;
        }

        return live;
    }

    private static void Mark((long First, RoaringContainer Rows) container, long from, Span<bool> deleted)
    {
        var ahead = container.First - from;
        if (ahead > 0)
        {
            container.Rows.Mark(0, deleted[(int)ahead..]);
        }
        else
        {
            container.Rows.Mark((int)-ahead, deleted);
        }
    }

    private int FirstThatReaches(long row)
    {
        var (low, high) = (0, _containers.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_containers[middle].First + RoaringContainer.Span <= row)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
