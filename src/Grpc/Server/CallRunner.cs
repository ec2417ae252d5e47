using Microsoft.Extensions.Logging;

namespace Latecomer.Grpc;

/// <summary>Runs a call through the filters to its handler, and makes a status of however that ends. Never throws.</summary>
internal sealed partial class CallRunner(RpcSettings settings, ILogger logger)
{
    /// <summary>Runs it.</summary>
    public async Task<Status> Run(RpcMethod method, ICallStream stream, RpcCall call, CallLife life)
    {
        var status = await Ended(method, stream, call, life);
        return Enum.IsDefined(status.Code) ? status : status with { Code = StatusCode.Unknown };
    }

    private async Task<Status> Ended(RpcMethod method, ICallStream stream, RpcCall call, CallLife life)
    {
        try
        {
            return settings.Filters.Count == 0 ? await Handle(method, stream, call, life) : await Filtered(0, method, stream, call, life);
        }
        catch (Exception e)
        {
            return StatusOf(e, method, life);
        }
    }

    private Task<Status> Filtered(int next, RpcMethod method, ICallStream stream, RpcCall call, CallLife life) =>
        next == settings.Filters.Count
            ? Handle(method, stream, call, life)
            : settings.Filters[next](call, () => Filtered(next + 1, method, stream, call, life));

    private async Task<Status> Handle(RpcMethod method, ICallStream stream, RpcCall call, CallLife life)
    {
        try
        {
            return await method.Answer(stream, call);
        }
        catch (Exception e)
        {
            return StatusOf(e, method, life);
        }
    }

    private Status StatusOf(Exception e, RpcMethod method, CallLife life)
    {
        if (e is RpcException { Status: var status })
        {
            return status;
        }

        if (e is CallerGoneException)
        {
            return new Status(StatusCode.Cancelled, e.Message);
        }

        // Whatever a handler throws once its call has ended is a consequence of that.
        if (life.Ended is { } ended && (life.IsAborted || e is OperationCanceledException))
        {
            return ended;
        }

        if (settings.Translate(e) is { } translated)
        {
            return translated;
        }

        LogFault(logger, e, method.Path);
        return new Status(StatusCode.Internal, "A fault of the server itself; its log has more.");
    }

    [LoggerMessage(1, LogLevel.Error, "{Method} failed by a fault of ours")]
    private static partial void LogFault(ILogger logger, Exception fault, string method);
}
