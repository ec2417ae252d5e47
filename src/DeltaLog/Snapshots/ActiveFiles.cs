namespace Latecomer.DeltaLog;

/// <summary>The active files of a table by (path, deletion vector id), the identity of a logical file (PROTOCOL.md, "Action Reconciliation").
/// Nearly always a path has one active file, so the second part of the key is a chain under the first.</summary>
internal sealed class ActiveFiles
{
    private readonly Dictionary<string, Entry> _byPath;

    internal ActiveFiles() => _byPath = new(StringComparer.Ordinal);

    internal ActiveFiles(ActiveFiles other)
    {
        _byPath = new(other._byPath, StringComparer.Ordinal);
        Count = other.Count;
    }

    internal int Count { get; private set; }

    internal IEnumerable<AddFile> All
    {
        get
        {
            foreach (var first in _byPath.Values)
            {
                for (var entry = first; entry is not null; entry = entry.Next)
                {
                    yield return entry.File;
                }
            }
        }
    }

    /// <summary>The logical file; null when it is not active.</summary>
    internal AddFile? Find(string path, string? deletionVectorId)
    {
        for (var entry = _byPath.GetValueOrDefault(LogPath.Identity(path)); entry is not null; entry = entry.Next)
        {
            if (string.Equals(entry.File.DeletionVector?.UniqueId, deletionVectorId, StringComparison.Ordinal))
            {
                return entry.File;
            }
        }

        return null;
    }

    /// <summary>Some active file of the path, whatever its deletion vector: good for what all of them share.</summary>
    internal AddFile? FindAny(string path) => _byPath.GetValueOrDefault(LogPath.Identity(path))?.File;

    /// <summary>Adds a file; returns the one of the same identity that it replaces.</summary>
    internal AddFile? Put(AddFile file)
    {
        var replaced = Remove(file.Path, file.DeletionVector?.UniqueId);
        var key = LogPath.Identity(file.Path);
        _byPath[key] = new Entry(file, _byPath.GetValueOrDefault(key));
        Count++;
        return replaced;
    }

    /// <summary>Takes a file out; null when it is not active.</summary>
    internal AddFile? Remove(string path, string? deletionVectorId)
    {
        if (Find(path, deletionVectorId) is not { } file)
        {
            return null;
        }

        // Entries are shared with copies of this set, so the chain is rebuilt rather than cut.
        var key = LogPath.Identity(path);
        Entry? rest = null;
        for (var entry = _byPath[key]; entry is not null; entry = entry.Next)
        {
            rest = ReferenceEquals(entry.File, file) ? rest : new Entry(entry.File, rest);
        }

        if (rest is null)
        {
            _byPath.Remove(key);
        }
        else
        {
            _byPath[key] = rest;
        }

        Count--;
        return file;
    }

    private sealed record Entry(AddFile File, Entry? Next);
}
