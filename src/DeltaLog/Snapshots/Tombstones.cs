namespace Latecomer.DeltaLog;

/// <summary>The files that were removed and not added again since, by (path, deletion vector id) (PROTOCOL.md, "Action Reconciliation").</summary>
internal sealed class Tombstones
{
    private readonly Dictionary<(string Path, string? VectorId), RemoveFile> _byFile = [];

    internal IReadOnlyCollection<RemoveFile> All => _byFile.Values;

    internal void Put(RemoveFile remove) => _byFile[(LogPath.Identity(remove.Path), remove.DeletionVector?.UniqueId)] = remove;

    internal void Forget(AddFile add) => _byFile.Remove((LogPath.Identity(add.Path), add.DeletionVector?.UniqueId));
}
