using System.Text.Json;
using System.Text.Json.Serialization;
using Latecomer.DeltaLog;
using Latecomer.Node.Cli;

namespace Latecomer.Node.LocalCluster;

/// <summary>The record of a data folder's cluster, as it is kept in <c>state/cluster.json</c>: each change is on the disk, whole or not at all, before anything
/// goes on. One process at a time has it open.</summary>
internal sealed class ClusterFile : IDisposable
{
    /// <summary>Its name within <c>state/</c>.</summary>
    public const string Name = "cluster.json";

    private const string LockName = "cluster.lock";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
    };

    private readonly FileStream _lock;

    private ClusterFile(string data, FileStream heldLock, ClusterRecord? record)
    {
        Data = data;
        _lock = heldLock;
        Record = record;
    }

    /// <summary>The data folder, as an absolute path.</summary>
    public string Data { get; }

    /// <summary>Its <c>state/</c>.</summary>
    public string State => Path.Combine(Data, "state");

    /// <summary>The record as it is on the disk; null if there is no cluster.</summary>
    public ClusterRecord? Record { get; private set; }

    /// <summary>Whether a data folder has a cluster.</summary>
    public static bool Exists(string data) => File.Exists(Path.Combine(data, "state", Name));

    /// <summary>Opens the file of a data folder that is there, waiting while another process has it.</summary>
    /// <exception cref="Refusal">Another one has it for too long, or it is not ours.</exception>
    public static async Task<ClusterFile> Open(string data, CancellationToken cancellation)
    {
        var path = Path.GetFullPath(data);
        var heldLock = await Lock(path, cancellation);
        try
        {
            return new ClusterFile(path, heldLock, Read(Path.Combine(path, "state", Name)));
        }
        catch
        {
            await heldLock.DisposeAsync();
            throw;
        }
    }

    /// <summary>Keeps a change.</summary>
    public void Change(Func<ClusterRecord, ClusterRecord> change)
    {
        var changed = change(Record ?? new ClusterRecord());
        var file = Path.Combine(State, Name);
        SecretFile.Write(file, JsonSerializer.SerializeToUtf8Bytes(changed, Json));
        Record = changed;
    }

    /// <summary>Forgets the cluster.</summary>
    public void Delete()
    {
        File.Delete(Path.Combine(State, Name));
        DurableFiles.SyncFolder(State);
        Record = null;
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static async Task<FileStream> Lock(string data, CancellationToken cancellation)
    {
        var file = Path.Combine(data, "state", LockName);
        var deadline = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(file) && TimeProvider.System.GetElapsedTime(deadline) < Patience)
            {
                await Task.Delay(Glance, cancellation);
            }
            catch (IOException e) when (File.Exists(file))
            {
                throw new Refusal(ExitCode.Failed, $"Another command works on the cluster of {data} for {Patience.TotalMinutes:0} minutes already: wait for it, or end it.", e);
            }
        }
    }

    private static ClusterRecord? Read(string file)
    {
        try
        {
            var record = File.Exists(file) ? JsonSerializer.Deserialize<ClusterRecord>(File.ReadAllBytes(file), Json) : null;
            return record is { Format: > ClusterRecord.CurrentFormat }
                ? throw new Refusal(ExitCode.FolderRefused, $"{file} is of a newer build (format {record.Format}; this build knows up to {ClusterRecord.CurrentFormat}): run that build or newer.")
                : record;
        }
        catch (JsonException e)
        {
            throw new Refusal(ExitCode.FolderRefused, $"{file} is not the record of a cluster: {e.Message}", e);
        }
    }
}
