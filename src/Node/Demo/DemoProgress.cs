using System.Text.Json;
using Latecomer.Node.Cli;

namespace Latecomer.Node.Demo;

/// <summary>What a demo has done so far and cannot find out again, kept in the data folder beside the store.</summary>
internal sealed record DemoProgress
{
    /// <summary>The scenario that the folder belongs to.</summary>
    public required string Scenario { get; init; }

    /// <summary>Whether it plays on a cluster of processes.</summary>
    public bool OnCluster { get; init; }

    /// <summary>The nodes that it killed, in order.</summary>
    public IReadOnlyList<NodeKill> Kills { get; init; } = [];

    /// <summary>Whether more than one process played it: then times tell nothing.</summary>
    public bool Resumed { get; init; }

    /// <summary>Milliseconds from the first mark to the last task's end of the first runs; null before they ended.</summary>
    public double? FirstRunsMs { get; init; }

    /// <summary>Milliseconds of these in which no work ran.</summary>
    public double? OverheadMs { get; init; }

    /// <summary>Rows counted per date by the first runs.</summary>
    public IReadOnlyDictionary<string, long>? SummaryBefore { get; init; }

    /// <summary>The partitions that were late, before anything was cleared.</summary>
    public IReadOnlyList<string>? Late { get; init; }

    /// <summary>Task instances affected by each clear so far.</summary>
    public IReadOnlyList<long> Affected { get; init; } = [];

    /// <summary>What each node ran; null before the end.</summary>
    public IReadOnlyList<NodeShare>? Nodes { get; init; }

    /// <summary>What one node ran.</summary>
    internal sealed record NodeShare(string Node, long Turns, long Activities);

    /// <summary>A node that was killed.</summary>
    internal sealed record NodeKill(string Node, DemoPhase Phase);

    /// <summary>Reads the progress of a folder; null if no demo was begun there.</summary>
    /// <exception cref="Refusal">The file is not ours.</exception>
    public static DemoProgress? Read(string file)
    {
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize<DemoProgress>(File.ReadAllBytes(file)) : null;
        }
        catch (JsonException e)
        {
            throw new Refusal(ExitCode.FolderRefused, $"{file} is not the progress of a demo: {e.Message} Name another folder with --data.", e);
        }
    }

    /// <summary>Keeps the progress: whole or not at all.</summary>
    public void Write(string file)
    {
        var temporary = $"{file}.new";
        using (var stream = File.Create(temporary))
        {
            JsonSerializer.Serialize(stream, this);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, file, overwrite: true);
    }
}
