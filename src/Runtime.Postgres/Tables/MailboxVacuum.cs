using System.Diagnostics;

namespace Latecomer.Runtime.Postgres;

/// <summary>Cleans the mailbox up where much is consumed. Whoever reads a shard's mail passes what was consumed and is not cleaned up yet, and the server's autovacuum
/// looks once a minute: by then that would be most of what a turn costs. Where consumed messages cannot be cleaned up, because somebody's transaction
/// still sees them, it is tried ever more rarely.</summary>
internal sealed class MailboxVacuum(PostgresDatabase database)
{
    /// <summary>Messages that this process consumes between two times.</summary>
    private const int Consumed = 50_000;

    /// <summary>So many times as long as it took, it rests.</summary>
    private const int Rest = 20;

    /// <summary>Nobody waits for it, nor it for anybody: another one that is under way does as well.</summary>
    private const string Vacuum = "VACUUM (SKIP_LOCKED, TRUNCATE off, PARALLEL 0) latecomer.mailbox";

    private long _consumed;
    private long _notBefore = Stopwatch.GetTimestamp();
    private int _running;

    /// <summary>So many messages were consumed. Does not wait.</summary>
    public void Count(int messages)
    {
        if (Interlocked.Add(ref _consumed, messages) >= Consumed && Stopwatch.GetTimestamp() >= Interlocked.Read(ref _notBefore)
            && Interlocked.Exchange(ref _running, 1) == 0)
        {
            Interlocked.Exchange(ref _consumed, 0);
            _ = Run();
        }
    }

    private async Task Run()
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            await database.Query(Vacuum, row => row.FieldCount, [], CancellationToken.None);
        }
        catch (Exception fault) when (fault is StoreFaultException or ObjectDisposedException)
        {
            // The server's own comes later.
        }

        var now = Stopwatch.GetTimestamp();
        Interlocked.Exchange(ref _notBefore, now + ((now - began) * Rest));
        Volatile.Write(ref _running, 0);
    }
}
