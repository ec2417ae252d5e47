namespace Latecomer.Runtime;

/// <summary>Rows for queries, written only by turns.</summary>
public interface IProjectionStore
{
    /// <summary>One row; null if there is none.</summary>
    ValueTask<ProjectionRow?> Get(string projection, string key, CancellationToken cancellation);

    /// <summary>Rows whose key begins with <paramref name="prefix"/> and is above <paramref name="after"/>, in the order of their keys' code points; at most <paramref name="limit"/>.</summary>
    ValueTask<IReadOnlyList<ProjectionRow>> List(string projection, string prefix, string? after, int limit, CancellationToken cancellation);
}

/// <summary>A row of a projection.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Body">UTF-8 JSON.</param>
public sealed record ProjectionRow(string Key, byte[] Body)
{
    /// <summary>The row as what the actor put.</summary>
    public T As<T>() => DurableJson.Read<T>(Body);
}
