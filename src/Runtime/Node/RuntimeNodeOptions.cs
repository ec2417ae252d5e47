namespace Latecomer.Runtime;

/// <summary>What a node is made of.</summary>
public sealed record RuntimeNodeOptions
{
    /// <summary>The name that people and placement know it by: unique among live nodes, the same after a restart.</summary>
    public required string Name { get; init; }

    /// <summary>Where other nodes and clients reach it; empty when they cannot.</summary>
    public string Address { get; init; } = "";

    /// <summary>The version of the program.</summary>
    public string Build { get; init; } = "";

    /// <summary>Where everything durable is. The node does not dispose it.</summary>
    public required IRuntimeStore Store { get; init; }

    /// <summary>The actors of the program.</summary>
    public required ActorCatalog Catalog { get; init; }

    /// <summary>What runs its activities.</summary>
    public IReadOnlyCollection<IActivityHandler> Handlers { get; init; } = [];

    /// <summary>How nodes and edges tell each other to look.</summary>
    public required IHints Hints { get; init; }

    /// <summary>Where edges of the process offer their requests; null if they do not.</summary>
    public LocalIntake? Intake { get; init; }

    /// <summary>The process's clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Gives every life of the node an id that no other ever had.</summary>
    public required Func<Guid> NewIncarnation { get; init; }

    /// <summary>Who hears what it does.</summary>
    public IRuntimeObserver Observer { get; init; } = SilentObserver.Instance;

    /// <summary>How it runs.</summary>
    public RuntimeSettings Settings { get; init; } = new();

    internal NodeServices NewLife() => new(
        new NodeRegistration(new Incarnation(NewIncarnation()), Name, Address, Build), Store, Catalog, Hints, Time, Observer, Settings);
}
