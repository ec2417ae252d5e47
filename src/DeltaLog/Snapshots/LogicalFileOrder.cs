namespace Latecomer.DeltaLog;

/// <summary>The order of logical files by the UTF-8 bytes of their path, then of their deletion vector's id; none comes first.</summary>
internal sealed class LogicalFileOrder : IComparer<AddFile>
{
    private const char FirstSurrogate = '\uD800';
    private const char LastSurrogate = '\uDFFF';

    internal static LogicalFileOrder Instance { get; } = new();

    public int Compare(AddFile? x, AddFile? y)
    {
        var byPath = CompareUtf8(x?.Path, y?.Path);
        return byPath != 0 ? byPath : CompareUtf8(x?.DeletionVector?.UniqueId, y?.DeletionVector?.UniqueId);
    }

    /// <summary>Compares texts as their UTF-8 bytes would be, which differs from UTF-16 only in where surrogates stand.</summary>
    internal static int CompareUtf8(string? left, string? right)
    {
        var a = left.AsSpan();
        var b = right.AsSpan();
        var same = a.CommonPrefixLength(b);
        if (same == a.Length || same == b.Length)
        {
            return a.Length.CompareTo(b.Length);
        }

        return Rank(a[same]).CompareTo(Rank(b[same]));
    }

    private static int Rank(char unit) => unit is >= FirstSurrogate and <= LastSurrogate ? unit + char.MaxValue : unit;
}
