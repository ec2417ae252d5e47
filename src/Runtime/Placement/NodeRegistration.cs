namespace Latecomer.Runtime;

/// <summary>One life of a node: a node that restarts under the same name is another incarnation.</summary>
public readonly record struct Incarnation(Guid Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value.ToString("N");
}

/// <summary>A node as it joins.</summary>
/// <param name="Incarnation">This life of it.</param>
/// <param name="Name">The name that people and placement know it by; survives restarts.</param>
/// <param name="Address">Where other nodes and clients reach it; empty when they cannot.</param>
/// <param name="Build">The version of the program.</param>
public sealed record NodeRegistration(Incarnation Incarnation, string Name, string Address, string Build);

/// <summary>A node as the store has it.</summary>
/// <param name="Registration">What it said when it joined.</param>
/// <param name="JoinedAt">When it joined, by the store's clock.</param>
/// <param name="ExpiresAt">Until when it may act without renewing, by the store's clock.</param>
/// <param name="Draining">It is handing over and takes no more shards.</param>
public sealed record NodeStatus(NodeRegistration Registration, DateTimeOffset JoinedAt, DateTimeOffset ExpiresAt, bool Draining)
{
    /// <summary>Whether it may own shards at <paramref name="now"/>.</summary>
    public bool IsLive(DateTimeOffset now) => ExpiresAt > now;
}
