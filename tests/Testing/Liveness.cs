namespace Latecomer.Tests.Testing;

/// <summary>How long a test waits for what happens by itself: no measure of speed, only an end to what is stuck.</summary>
public static class Liveness
{
    /// <summary>Far more than anything takes, on a machine that does much else and whose disk stands still now and then.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromMinutes(5);
}
