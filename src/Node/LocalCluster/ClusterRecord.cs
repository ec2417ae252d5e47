using Latecomer.Activities;

namespace Latecomer.Node.LocalCluster;

/// <summary>A cluster on this machine: the nodes of a data folder, and the PostgreSQL that they share. What is to be started is noted before it is, so that
/// whatever runs can be found, whenever the one that noted it was killed.</summary>
internal sealed record ClusterRecord
{
    /// <summary>The format that this build writes.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The format.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The PostgreSQL; null before one was thought of.</summary>
    public PostgresRecord? Postgres { get; init; }

    /// <summary>The nodes, by name.</summary>
    public IReadOnlyList<NodeRecord> Nodes { get; init; } = [];

    /// <summary>With a node changed, or added.</summary>
    public ClusterRecord With(NodeRecord node) =>
        this with { Nodes = [.. Nodes.Where(n => n.Name != node.Name).Append(node).OrderBy(n => n.Name.Length).ThenBy(n => n.Name, StringComparer.Ordinal)] };
}

/// <summary>The PostgreSQL of a cluster.</summary>
/// <param name="Folder">Its own folder, with <c>data</c> and <c>log</c>.</param>
/// <param name="Programs">Where the programs are that made it.</param>
internal sealed record PostgresRecord(string Folder, string Programs)
{
    /// <summary>Whether the database was made to its end.</summary>
    public bool IsMade { get; init; }

    /// <summary>The port on 127.0.0.1 that it had last; 0 before it had one.</summary>
    public int Port { get; init; }

    /// <summary>The process; null if it was stopped or not started yet.</summary>
    public ProcessRecord? Process { get; init; }
}

/// <summary>A node of a cluster.</summary>
/// <param name="Name">Its name.</param>
internal sealed record NodeRecord(string Name)
{
    /// <summary>Where it listened last; null before it did.</summary>
    public Uri? Address { get; init; }

    /// <summary>Where it was called by gRPC last; null before it was.</summary>
    public Uri? Grpc { get; init; }

    /// <summary>The process; null if it was stopped or not started yet.</summary>
    public ProcessRecord? Process { get; init; }
}
