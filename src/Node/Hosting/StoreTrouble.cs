namespace Latecomer.Node.Hosting;

/// <summary>Whether the store can be used, by what its users met. A full disk fails everything that every node tries, again and again: it is told once a minute.</summary>
internal sealed class StoreTrouble(TimeProvider time)
{
    private static readonly TimeSpan ToldEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private string? _present;
    private long _metAt;
    private (string Message, long At)? _told;

    /// <summary>Why the store cannot be used; null while it can.</summary>
    public string? Present
    {
        get
        {
            lock (_lock)
            {
                return _present;
            }
        }
    }

    /// <summary>A call to the store failed.</summary>
    /// <returns>Whether that is to be told.</returns>
    public bool Met(string message)
    {
        lock (_lock)
        {
            (_present, _metAt) = (message, time.GetTimestamp());
            if (_told is { } told && told.Message == message && time.GetElapsedTime(told.At) < ToldEvery)
            {
                return false;
            }

            _told = (message, _metAt);
            return true;
        }
    }

    /// <summary>Turns were written: all is well.</summary>
    public void Worked()
    {
        lock (_lock)
        {
            (_present, _told) = (null, null);
        }
    }

    /// <summary>Something else was written. While other calls fail, that does not mean much.</summary>
    public void Answered()
    {
        lock (_lock)
        {
            if (_present is not null && time.GetElapsedTime(_metAt) > Lasts)
            {
                (_present, _told) = (null, null);
            }
        }
    }
}
