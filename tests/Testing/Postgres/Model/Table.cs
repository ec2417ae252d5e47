namespace Latecomer.Tests.Testing.Postgres.Model;

/// <summary>Rows by their key, in the order of their keys or in none.</summary>
public sealed class Table<TKey, T>
    where TKey : notnull
    where T : class
{
    private const int SweptFrom = 64;

    private readonly IDictionary<TKey, Row<T>> _rows;
    private readonly SortedList<TKey, Row<T>>? _ordered;
    private int _sweepAt = SweptFrom;

    private Table(IDictionary<TKey, Row<T>> rows)
    {
        _rows = rows;
        _ordered = rows as SortedList<TKey, Row<T>>;
    }

    public static Table<TKey, T> Unordered() => new(new Dictionary<TKey, Row<T>>());

    public static Table<TKey, T> Ordered() => new(new SortedList<TKey, Row<T>>());

    /// <summary>All rows, also those that are not there for everybody. Whoever waits for one meanwhile takes a copy first.</summary>
    public IEnumerable<Row<T>> Rows => _rows.Values;

    public IEnumerable<TKey> Keys => _rows.Keys;

    public Row<T>? Find(TKey key) => _rows.TryGetValue(key, out var row) ? row : null;

    /// <summary>The place of a key, whether a row is there or not.</summary>
    public Row<T> At(TKey key)
    {
        if (!_rows.TryGetValue(key, out var row))
        {
            Sweep();
            _rows.Add(key, row = new Row<T>());
        }

        return row;
    }

    /// <summary>The last row, by the order of keys, that a transaction sees; null if it sees none.</summary>
    public T? Last(ModelTransaction reader)
    {
        var rows = _ordered!.Values;
        for (var i = rows.Count - 1; i >= 0; i--)
        {
            if (reader.Visible(rows[i]) is { } value)
            {
                return value;
            }
        }

        return null;
    }

    private void Sweep()
    {
        if (_rows.Count < _sweepAt)
        {
            return;
        }

        foreach (var key in _rows.Where(r => r.Value.IsGone).Select(r => r.Key).ToList())
        {
            _rows.Remove(key);
        }

        _sweepAt = Math.Max(SweptFrom, _rows.Count * 2);
    }
}
