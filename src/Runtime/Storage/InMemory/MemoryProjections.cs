namespace Latecomer.Runtime;

/// <summary>Projections in memory.</summary>
internal sealed class MemoryProjections(MemoryTables tables) : IProjectionStore
{
    private static readonly IComparer<ProjectionRow> ByKey =
        Comparer<ProjectionRow>.Create((a, b) => CodePointOrder.Compare(a.Key, b.Key));

    private static readonly byte[] NoBody = [];

    public static void Write(MemoryTables tables, string projection, string key, byte[]? body)
    {
        if (!tables.Projections.TryGetValue(projection, out var rows))
        {
            tables.Projections.Add(projection, rows = new SortedSet<ProjectionRow>(ByKey));
        }

        rows.Remove(new ProjectionRow(key, NoBody));
        if (body is not null)
        {
            rows.Add(new ProjectionRow(key, body));
        }
    }

    public ValueTask<ProjectionRow?> Get(string projection, string key, CancellationToken cancellation)
    {
        lock (tables.Gate)
        {
            return ValueTask.FromResult(
                tables.Projections.TryGetValue(projection, out var rows) && rows.TryGetValue(new ProjectionRow(key, NoBody), out var row) ? row : null);
        }
    }

    public ValueTask<IReadOnlyList<ProjectionRow>> List(string projection, string prefix, string? after, int limit, CancellationToken cancellation)
    {
        lock (tables.Gate)
        {
            if (!tables.Projections.TryGetValue(projection, out var rows) || rows.Count == 0)
            {
                return ValueTask.FromResult<IReadOnlyList<ProjectionRow>>([]);
            }

            var from = new ProjectionRow(after is not null && CodePointOrder.Compare(after, prefix) > 0 ? after : prefix, NoBody);
            var view = ByKey.Compare(from, rows.Max!) > 0 ? [] : rows.GetViewBetween(from, rows.Max);
            return ValueTask.FromResult<IReadOnlyList<ProjectionRow>>(
                [.. view.SkipWhile(r => r.Key == after)
                    .TakeWhile(r => r.Key.StartsWith(prefix, StringComparison.Ordinal)).Take(limit)]);
        }
    }

    public ValueTask<int> RemoveRetired(DateTimeOffset before, int limit, CancellationToken cancellation)
    {
        lock (tables.Gate)
        {
            var old = tables.Retired.TakeWhile(r => r.At < before).Take(limit).ToList();
            foreach (var row in old)
            {
                tables.Retired.Remove(row);
                Write(tables, row.Projection, row.Key, body: null);
            }

            return ValueTask.FromResult(old.Count);
        }
    }
}
