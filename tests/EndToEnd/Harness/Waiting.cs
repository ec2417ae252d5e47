using System.Diagnostics;

namespace Latecomer.Tests.EndToEnd.Harness;

/// <summary>Waits for what another process does, never longer than a bound, and says what it waited for.</summary>
internal static class Waiting
{
    /// <summary>How long anything may take on a machine that does much else, a build too. What is stuck still ends well before the time of all tests does.</summary>
    public static readonly TimeSpan Long = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks until there is an answer.</summary>
    /// <param name="what">What is waited for, for people.</param>
    /// <param name="probe">Null while there is none.</param>
    /// <param name="seen">What there was instead, for people.</param>
    public static async Task<T> For<T>(string what, Func<Task<T?>> probe, Func<string>? seen = null)
        where T : class
    {
        var since = Stopwatch.StartNew();
        while (true)
        {
            if (await probe() is { } answer)
            {
                return answer;
            }

            if (since.Elapsed > Long)
            {
                throw new TimeoutException($"Waited {Long.TotalSeconds} s for {what}.{(seen is null ? "" : $" There was: {seen()}")}");
            }

            await Task.Delay(Between);
        }
    }

    /// <summary>Looks until something is true.</summary>
    public static Task Until(string what, Func<bool> isTrue, Func<string>? seen = null) =>
        For(what, () => Task.FromResult(isTrue() ? "" : null), seen);

    /// <summary>Awaits something that ends by itself.</summary>
    public static Task Within(string what, Task task, Func<string>? seen = null) => Within(what, Ended(task), seen);

    /// <summary>Awaits something that ends by itself, and gives its result.</summary>
    public static async Task<T> Within<T>(string what, Task<T> task, Func<string>? seen = null)
    {
        try
        {
            return await task.WaitAsync(Long);
        }
        catch (Exception e) when (e is TimeoutException or EndOfStreamException)
        {
            throw new TimeoutException($"Waited for {what}: {e.Message}{(seen is null ? "" : $" There was: {seen()}")}", e);
        }
    }

    private static async Task<bool> Ended(Task task)
    {
        await task;
        return true;
    }
}
