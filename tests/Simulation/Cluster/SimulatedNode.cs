using Latecomer.Runtime;

namespace Latecomer.Tests.Simulation;

/// <summary>A node under its name, over crashes and restarts.</summary>
internal sealed class SimulatedNode(string name)
{
    public string Name => name;

    /// <summary>The process stands still: nothing of it goes on, and it does not know.</summary>
    public bool Paused { get; private set; }

    /// <summary>Its present life; null while the process is down.</summary>
    public Life? Life { get; set; }

    public int Crashes { get; set; }

    public void Pause(bool paused)
    {
        Paused = paused;
        if (Life is { } life)
        {
            life.Gate.Paused = paused;
        }
    }
}

/// <summary>What all lives of a simulation share.</summary>
internal sealed record ClusterParts(
    IRuntimeStore Store,
    SimulatedServer Server,
    Func<CallGate, IRuntimeStore> Open,
    ActorCatalog Catalog,
    LossyHints Hints,
    LossyIntake Intake,
    TimeProvider Time,
    IRuntimeObserver Observer,
    SeededRandom Random,
    FaultPlan Faults,
    ParkedCalls Parked,
    Moments Moments,
    Trace Trace,
    StepContext Context,
    HashSet<ShardId> Slow,
    SimulatedWorld World,
    RuntimeSettings Kept,
    Action<string> Broken);
