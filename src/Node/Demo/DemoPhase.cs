using System.Diagnostics;

namespace Latecomer.Node.Demo;

/// <summary>What a demo is at.</summary>
internal enum DemoPhase
{
    /// <summary>Seven days are loaded.</summary>
    Loading,

    /// <summary>The pipeline runs for the first time.</summary>
    FirstRuns,

    /// <summary>Late data arrives and is found.</summary>
    LateData,

    /// <summary>A person clears.</summary>
    Clearing,

    /// <summary>What was cleared runs again, and what is late is backfilled.</summary>
    Backfill,
}

/// <summary>Phases for people.</summary>
internal static class DemoPhases
{
    /// <summary>When that is.</summary>
    public static string Words(this DemoPhase phase) => phase switch
    {
        DemoPhase.Loading => "while the week was loaded",
        DemoPhase.FirstRuns => "during the first runs",
        DemoPhase.LateData => "as late data arrived",
        DemoPhase.Clearing => "as a person cleared",
        DemoPhase.Backfill => "during the backfill",
        _ => throw new UnreachableException(),
    };
}
