namespace Latecomer.Runtime;

/// <summary>Whether an edge takes more requests, by how much waits in the whole cluster: counted once a second at most, when somebody asks, so the
/// limit holds about.</summary>
internal sealed class Admission(ITurnStore turns, TimeProvider time, int mostWaiting)
{
    private static readonly TimeSpan Believed = TimeSpan.FromSeconds(1);

    private volatile Count? _last;
    private int _counting;

    /// <summary>Whether one more is taken. Whoever asks while another counts is told by the count before.</summary>
    public async ValueTask<bool> Admits(CancellationToken cancellation)
    {
        var last = _last;
        if ((last is null || time.GetElapsedTime(last.At) >= Believed) && Interlocked.Exchange(ref _counting, 1) == 0)
        {
            try
            {
                last = new Count(await turns.Waiting(mostWaiting + 1, cancellation), time.GetTimestamp());
                _last = last;
            }
            finally
            {
                Volatile.Write(ref _counting, 0);
            }
        }

        return last is null || last.Waiting <= mostWaiting;
    }

    private sealed record Count(int Waiting, long At);
}
