namespace Latecomer.Tests.Unit.Parquet;

/// <summary>What an action allocates, for those that never leave their thread.</summary>
internal static class Allocation
{
    public static long Of(Func<Task> action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var task = action();
        task.IsCompletedSuccessfully.ShouldBeTrue(task.Exception?.ToString());
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
