namespace Latecomer.Tests.Testing.Postgres.Model;

/// <summary>A transaction that stands, until whoever schedules the server lets it go on.</summary>
public abstract class StandingTransaction(ModelTransaction transaction, string before)
{
    private readonly TaskCompletionSource _goOn = new();

    public ModelTransaction Transaction => transaction;

    /// <summary>Before which statement.</summary>
    public string Before => before;

    /// <summary>Whether there is anything for it to do.</summary>
    public abstract bool CanGoOn { get; }

    /// <summary>When that may change by itself; null if time changes nothing.</summary>
    public virtual DateTimeOffset? Until => null;

    internal Task GoneOn => _goOn.Task;

    public abstract override string ToString();

    /// <summary>Lets it go on: to its next stand, or to its end.</summary>
    public void GoOn()
    {
        transaction.Database.Standing.Remove(this);
        Leave();
        _goOn.SetResult();
    }

    /// <summary>It waits no more.</summary>
    protected virtual void Leave()
    {
    }
}

/// <summary>The server has others to serve.</summary>
public sealed class ServerWait(ModelTransaction transaction, string before) : StandingTransaction(transaction, before)
{
    public override bool CanGoOn => true;

    public override string ToString() => $"{Transaction} is held up before {Before}";
}

/// <summary>The client has stopped in the middle of sending.</summary>
public sealed class ClientWait(ModelTransaction transaction, string before) : StandingTransaction(transaction, before)
{
    private readonly DateTimeOffset _since = transaction.Database.Now;

    public override bool CanGoOn => Transaction.IsTerminated || Transaction.Client.IsGone || !Transaction.Client.IsPaused;

    /// <summary>Nothing was heard of the client for so long.</summary>
    public TimeSpan Silence => Transaction.Database.Now - _since;

    public override string ToString() => $"{Transaction} is silent before {Before}";
}

/// <summary>Somebody else's lock is in its way.</summary>
public sealed class LockWait : StandingTransaction
{
    private static readonly TimeSpan DeadlockTimeout = TimeSpan.FromSeconds(1);

    private readonly LockableRow _row;
    private readonly DateTimeOffset _since;
    private readonly TimeSpan? _timeout;

    internal LockWait(ModelTransaction transaction, string before, LockableRow row, LockMode mode)
        : base(transaction, before)
    {
        (_row, Mode, _since, _timeout) = (row, mode, transaction.Database.Now, transaction.LockTimeout);
        row.Enqueue(this);
    }

    public LockMode Mode { get; }

    /// <summary>Why it was not let in, once it waits no more.</summary>
    internal string? Refusal { get; private set; }

    public override bool CanGoOn => Transaction.IsTerminated || _row.IsNext(this) || IsTimedOut || IsDeadlocked;

    public override DateTimeOffset? Until => _timeout is { } timeout ? _since + timeout : null;

    public override string ToString() => $"{Transaction} waits in {Before}";

    private bool IsTimedOut => Until is { } until && Transaction.Database.Now >= until;

    private bool IsDeadlocked => Transaction.Database.Now - _since >= DeadlockTimeout && WaitsFor(Transaction, []);

    protected override void Leave()
    {
        Refusal = _row.IsNext(this) ? null : IsDeadlocked ? SqlState.DeadlockDetected : SqlState.LockNotAvailable;
        _row.Dequeue(this);
    }

    /// <summary>Whether those that it waits for wait, in the end, for <paramref name="whom"/>.</summary>
    private bool WaitsFor(ModelTransaction whom, HashSet<ModelTransaction> seen) =>
        _row.Blockers(this).Any(b => b == whom || (seen.Add(b) && b.Waiting?.WaitsFor(whom, seen) == true));
}
