namespace Latecomer.Runtime;

/// <summary>Rows for queries, written only by turns, and removed by them or once they are history.</summary>
public interface IProjectionStore
{
    /// <summary>One row; null if there is none.</summary>
    ValueTask<ProjectionRow?> Get(string projection, string key, CancellationToken cancellation);

    /// <summary>Rows whose key begins with <paramref name="prefix"/> and is above <paramref name="after"/>, in the order of their keys' code points; at most <paramref name="limit"/>.</summary>
    ValueTask<IReadOnlyList<ProjectionRow>> List(string projection, string prefix, string? after, int limit, CancellationToken cancellation);

    /// <summary>Removes rows that turns retired before <paramref name="before"/>, longest first; at most <paramref name="limit"/>. Any number of nodes may do so at
    /// once. The cost follows what is removed.</summary>
    /// <returns>How many there were, those included that a turn had removed already.</returns>
    ValueTask<int> RemoveRetired(DateTimeOffset before, int limit, CancellationToken cancellation);
}

/// <summary>A row of a projection.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Body">UTF-8 JSON.</param>
public sealed record ProjectionRow(string Key, byte[] Body)
{
    /// <summary>The row as what the actor put.</summary>
    public T As<T>() => DurableJson.Read<T>(Body);
}
