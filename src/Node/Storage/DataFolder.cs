using System.Diagnostics;
using Latecomer.Node.Cli;

namespace Latecomer.Node.Storage;

/// <summary>
/// A data folder: <c>dataset/</c> (tables and configuration files) and <c>state/</c>. Guarantees while it is open that no other process has it
/// open; or, if it is the folder of a cluster, none but nodes of other names. Nothing is written into a folder that is refused.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    private const string DatasetName = "dataset";
    private const string StateName = "state";
    private const string NodesName = "nodes";

    /// <summary>Where nodes that were started together on one machine are noted, within <c>state/</c>; it may be there before the nodes are.</summary>
    private const string LocalClusterName = "cluster.json";

    private readonly List<FileStream> _locks = [];

    private DataFolder(string path) => Path = path;

    /// <summary>The folder, as an absolute path.</summary>
    public string Path { get; }

    /// <summary>Where tables and configuration files are.</summary>
    public string Dataset => System.IO.Path.Combine(Path, DatasetName);

    /// <summary>Where the store of a node alone is, and <c>work/</c>, which says what commands run: the nodes of a cluster share it, so that whoever
    /// takes over a command finds it.</summary>
    public string State => System.IO.Path.Combine(Path, StateName);

    /// <summary>What is a node's alone in the folder of a cluster.</summary>
    public string OfNode(string node) => System.IO.Path.Combine(State, NodesName, node);

    /// <summary>Where the store of a data folder is, which may be in use.</summary>
    public static string StateOf(string folder) => System.IO.Path.Combine(System.IO.Path.GetFullPath(folder), StateName);

    /// <summary>Opens the folder of a process alone, making it first where there is none or an empty one.</summary>
    /// <exception cref="Refusal">It is not latecomer's, is in use or a cluster's, is of a newer build, or cannot be written.</exception>
    public static DataFolder Open(string folder) => Open(folder, FolderUse.OneProcess, opened => opened.Lock());

    /// <summary>Opens the folder of a cluster for a node, making it first where there is none or an empty one.</summary>
    /// <exception cref="Refusal">It is not latecomer's, is of a node alone, is of a newer build, or cannot be written; or a node of that name has it open.</exception>
    public static DataFolder OpenShared(string folder, string node) => Open(folder, FolderUse.Cluster, opened => opened.Share(node));

    /// <summary>Makes the folder of a cluster, if it is not there, for nodes that are started later.</summary>
    /// <returns>The folder, as an absolute path.</returns>
    /// <exception cref="Refusal">It is not latecomer's, is of a node alone, is of a newer build, or cannot be written.</exception>
    public static string PrepareShared(string folder)
    {
        using var opened = Open(folder, FolderUse.Cluster, opened => opened.ShareLock());
        return opened.Path;
    }

    /// <inheritdoc/>
    public void Dispose() => _locks.ForEach(l => l.Dispose());

    private static DataFolder Open(string folder, FolderUse use, Action<DataFolder> take)
    {
        var path = System.IO.Path.GetFullPath(folder);
        if (File.Exists(path))
        {
            throw Refused($"{path} is a file, not a data folder.");
        }

        var isNew = !Directory.Exists(path);
        var opened = new DataFolder(path);
        try
        {
            opened.RefuseOthers(use);
            Directory.CreateDirectory(opened.State);
            take(opened);
            FolderMarker.Write(use, opened.State, path);
            Directory.CreateDirectory(opened.Dataset);
            return opened;
        }
        catch (Exception e)
        {
            opened.Dispose();
            if (e is not (UnauthorizedAccessException or IOException))
            {
                throw;
            }

            if (isNew && use == FolderUse.OneProcess)
            {
                Remove(path);
            }

            throw new Refusal(ExitCode.Failed, $"The data folder {path} cannot be written: {e.Message.TrimEnd('.')}.", e);
        }
    }

    /// <summary>Takes back a folder that could not be made whole. What cannot be removed either is not worth a second sentence.</summary>
    private static void Remove(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            Debug.WriteLine(e.Message);
        }
    }

    /// <summary>A folder without our marker is ours only if all that it holds is a dataset, or a beginning of our own that was interrupted.</summary>
    private void RefuseOthers(FolderUse use)
    {
        if (FolderMarker.IsFor(use, State, Path) || !Directory.Exists(Path))
        {
            return;
        }

        var strangers = Directory.EnumerateFileSystemEntries(Path).Where(e => System.IO.Path.GetFileName(e) is not (DatasetName or StateName))
            .Concat(Directory.Exists(State) ? Directory.EnumerateFileSystemEntries(State).Where(e => !MayPrecede(System.IO.Path.GetFileName(e), use)) : []);
        if (strangers.FirstOrDefault() is { } stranger && !FolderMarker.IsFor(use, State, Path))
        {
            throw Refused($"{Path} is not a data folder of latecomer: it holds {System.IO.Path.GetRelativePath(Path, stranger)} and no {StateName}/{FolderMarker.Name}. Name an empty or a new folder.");
        }
    }

    /// <summary>Whether a file of <c>state/</c> may be there before the marker.</summary>
    private static bool MayPrecede(string name, FolderUse use) =>
        name is ProcessLock.Name or ProcessLock.HolderName
        || (name.StartsWith(FolderMarker.Name, StringComparison.Ordinal) && name.EndsWith(FolderMarker.Unfinished, StringComparison.Ordinal))
        || (use == FolderUse.Cluster && name is NodesName or LocalClusterName);

    private void Lock()
    {
        if (!ProcessLock.TryTake(State, out var held))
        {
            throw Refused($"The data folder {Path} is in use by another latecomer{ProcessLock.Holder(State)}: stop it first, or name another folder.");
        }

        _locks.Add(held);
    }

    private void ShareLock()
    {
        if (!ProcessLock.TryShare(State, out var shared))
        {
            throw Refused($"The data folder {Path} is in use by a node without --store{ProcessLock.Holder(State)}: name another folder for the cluster.");
        }

        _locks.Add(shared);
    }

    private void Share(string node)
    {
        ShareLock();
        var own = Directory.CreateDirectory(OfNode(node)).FullName;
        if (!ProcessLock.TryTake(own, out var held))
        {
            throw Refused($"The node '{node}' runs already in the data folder {Path}{ProcessLock.Holder(own)}: give this one another --name.");
        }

        _locks.Add(held);
    }

    private static Refusal Refused(string sentence) => new(ExitCode.FolderRefused, sentence);
}
