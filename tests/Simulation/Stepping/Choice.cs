namespace Latecomer.Tests.Simulation;

/// <summary>What can be done next.</summary>
internal enum StepKind
{
    Batch,
    Poll,
    Renew,
    Bark,
    Allocate,
    LookAtActivities,
    Report,
    Passivate,
    Start,
    Join,
    Resume,
    GoOn,
    Serve,
    Advance,
    Pause,
    Unpause,
    Leave,
}

/// <summary>A step that is possible now, how likely it is, and whose it is.</summary>
internal readonly record struct Choice(int Weight, StepKind Kind, object? Target);
