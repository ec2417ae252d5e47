using System.Collections;

namespace Latecomer.DeltaLog;

/// <summary>The versions of a log's commits in order, as a listing names them.</summary>
internal sealed class CommitVersions : IReadOnlyCollection<long>
{
    private readonly List<long> _versions = [];

    public int Count => _versions.Count;

    /// <summary>The newest; -1 when there are none.</summary>
    internal long Newest => _versions.Count == 0 ? -1 : _versions[^1];

    /// <summary>The oldest; null when there are none.</summary>
    internal long? Oldest => _versions.Count == 0 ? null : _versions[0];

    /// <summary>Adds a version that is newer than those before it, as names in order are.</summary>
    internal void Add(long version)
    {
        if (version <= Newest)
        {
            throw new ArgumentException($"Version {version} came after version {Newest}: the listing is not in order.", nameof(version));
        }

        _versions.Add(version);
    }

    internal bool Contains(long version) => _versions.BinarySearch(version) >= 0;

    /// <summary>The versions up to <paramref name="upTo"/> that end there without a gap; empty (first above last) when there are none.</summary>
    internal (long First, long Last) LastRun(long upTo)
    {
        var end = IndexOfFirst(upTo == long.MaxValue ? upTo : upTo + 1);
        if (end == 0)
        {
            return (0, -1);
        }

        var begin = end - 1;
        while (begin > 0 && _versions[begin - 1] == _versions[begin] - 1)
        {
            begin--;
        }

        return (_versions[begin], _versions[end - 1]);
    }

    /// <summary>The versions from <paramref name="from"/> to <paramref name="to"/>, both included.</summary>
    internal IEnumerable<long> Between(long from, long to)
    {
        for (var index = IndexOfFirst(from); index < _versions.Count && _versions[index] <= to; index++)
        {
            yield return _versions[index];
        }
    }

    public IEnumerator<long> GetEnumerator() => _versions.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int IndexOfFirst(long from) => _versions.BinarySearch(from) is var index && index >= 0 ? index : ~index;
}
