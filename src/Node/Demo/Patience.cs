namespace Latecomer.Node.Demo;

/// <summary>For how long a demo waits for something. As long as something changes it waits on: a machine with much else to do is slow, and not stuck.</summary>
internal sealed class Patience(TimeProvider time)
{
    /// <summary>How long nothing may change.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private long _changed = time.GetTimestamp();
    private int _last;

    /// <summary>Whether nothing has changed for too long.</summary>
    public bool IsOver => time.GetElapsedTime(_changed) >= Longest;

    /// <summary>Looks at how far it has come.</summary>
    /// <param name="progress">Any number that is another one when something was done.</param>
    public void See(int progress)
    {
        if (progress != _last)
        {
            _last = progress;
            _changed = time.GetTimestamp();
        }
    }
}
