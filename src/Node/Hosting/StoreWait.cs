using Latecomer.Node.Http;
using Latecomer.Runtime;
using Microsoft.Extensions.Logging;

namespace Latecomer.Node.Hosting;

/// <summary>Waits for a store that is not there yet, and says so once: in the log, and to whoever asks whether the node is ready.</summary>
internal sealed partial class StoreWait(EdgeServer server, TimeProvider time, ILogger<StoreWait> logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource _waits = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _told;

    /// <summary>Completes when it waits for the first time.</summary>
    public Task Waits => _waits.Task;

    /// <summary>Tries again and again.</summary>
    /// <returns>What the first try gave that did not fail.</returns>
    public async Task<T> Until<T>(Func<Task<T>> attempt, CancellationToken cancellation)
    {
        for (var pause = FirstPause; true; pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks)))
        {
            try
            {
                var result = await attempt();
                if (_told is not null)
                {
                    _told = null;
                    LogCame(logger);
                }

                return result;
            }
            catch (StoreFaultException fault)
            {
                Tell(fault.Message);
            }

            await Task.Delay(pause, time, cancellation);
        }
    }

    private void Tell(string reason)
    {
        server.NotYet($"Waiting for the store: {reason}");
        if (_told != reason)
        {
            _told = reason;
            LogWaits(logger, reason);
        }

        _waits.TrySetResult();
    }

    [LoggerMessage(120, LogLevel.Warning, "waiting for the store: {Reason}")]
    private static partial void LogWaits(ILogger logger, string reason);

    [LoggerMessage(121, LogLevel.Information, "the store is there")]
    private static partial void LogCame(ILogger logger);
}
