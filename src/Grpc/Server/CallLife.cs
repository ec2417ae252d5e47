using Microsoft.AspNetCore.Http;

namespace Latecomer.Grpc;

/// <summary>How long a call may last: until its caller is gone, its deadline has passed, or, for a stream of responses, the server stops.</summary>
internal sealed class CallLife : IDisposable
{
    // The most that a timer takes; who waits longer waits for ever.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(49);

    private readonly CancellationToken _aborted;
    private readonly CancellationTokenSource? _deadline;
    private readonly CancellationTokenSource? _joined;

    /// <summary>Begins it.</summary>
    public CallLife(HttpContext http, TimeSpan? deadline, CancellationToken stopping)
    {
        _aborted = http.RequestAborted;
        Deadline = deadline;
        if (deadline is { } time && time < Longest)
        {
            _deadline = CancellationTokenSource.CreateLinkedTokenSource(_aborted);
            if (time > TimeSpan.Zero)
            {
                _deadline.CancelAfter(time);
            }
            else
            {
                _deadline.Cancel();
            }
        }

        _joined = stopping.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(_deadline?.Token ?? _aborted, stopping) : null;
        Token = _joined?.Token ?? _deadline?.Token ?? _aborted;
    }

    /// <summary>How long the caller waits.</summary>
    public TimeSpan? Deadline { get; }

    /// <summary>Ends with it.</summary>
    public CancellationToken Token { get; }

    /// <summary>Whether nobody is there to be told.</summary>
    public bool IsAborted => _aborted.IsCancellationRequested;

    /// <summary>The status that it ended with; null while it lasts.</summary>
    public Status? Ended =>
        !Token.IsCancellationRequested ? null
        : _aborted.IsCancellationRequested ? new Status(StatusCode.Cancelled, "The caller is gone.")
        : _deadline is { IsCancellationRequested: true } ? new Status(StatusCode.DeadlineExceeded, "No answer within the caller's deadline; what was accepted is carried out all the same.")
        : new Status(StatusCode.Unavailable, "The server is stopping; ask another.");

    /// <inheritdoc/>
    public void Dispose()
    {
        _joined?.Dispose();
        _deadline?.Dispose();
    }
}
