using Latecomer.Runtime;
using Microsoft.Extensions.Logging;

namespace Latecomer.Node.Hosting;

/// <content>Its log messages; event ids 100 to 199 are the runtime's.</content>
internal sealed partial class NodeObserver
{
    [LoggerMessage(100, LogLevel.Information, "{Node} joined")]
    private static partial void LogJoined(ILogger logger, string node);

    [LoggerMessage(101, LogLevel.Information, "{Node} ended: {How}")]
    private static partial void LogEnded(ILogger logger, string node, NodeEnd how);

    [LoggerMessage(102, LogLevel.Warning, "{Node} found shard {Shard} lost at epoch {Epoch}")]
    private static partial void LogLeaseLost(ILogger logger, string node, int shard, long epoch);

    [LoggerMessage(103, LogLevel.Error, "{Node}: a turn of {Actor} failed at attempt {Attempt}")]
    private static partial void LogTurnFailed(ILogger logger, Exception fault, string node, string actor, int attempt);

    [LoggerMessage(104, LogLevel.Critical, "{Node} set a {Message} to {Actor} aside: {Error}")]
    private static partial void LogDeadLettered(ILogger logger, string node, string message, string actor, string error);

    [LoggerMessage(105, LogLevel.Error, "{Node}: a fault while {Doing}; it is tried again")]
    private static partial void LogFault(ILogger logger, Exception fault, string node, string doing);

    [LoggerMessage(106, LogLevel.Error, "{Node} cannot use the store while {Doing}, and tries again: {Reason}")]
    private static partial void LogStoreFault(ILogger logger, string node, string doing, string reason);

    [LoggerMessage(107, LogLevel.Information, "{Node} was asked to leave")]
    private static partial void LogAskedToLeave(ILogger logger, string node);

    [LoggerMessage(108, LogLevel.Information, "{Node} removed what was kept long enough: {Replies} replies, {Entries} journal entries, {Rows} rows of history")]
    private static partial void LogRemoved(ILogger logger, string node, int replies, int entries, int rows);

    [LoggerMessage(109, LogLevel.Error, "Following the journal for those who watch failed by a fault of ours; it is tried again")]
    private static partial void LogFollowingFailed(ILogger logger, Exception fault);
}
