namespace Latecomer.Tests.Simulation;

/// <summary>How long things take in a simulation.</summary>
internal static class SimulatedTime
{
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(2);
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(250);
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);
}
