namespace Latecomer.Tests.Testing.Postgres.Model;

/// <summary>Something that transactions hold to their end: a row, or an advisory lock.</summary>
public class LockableRow
{
    private readonly List<(ModelTransaction Holder, LockMode Mode)> _holders = [];
    private readonly List<LockWait> _queue = [];

    /// <summary>Nobody holds it or waits for it.</summary>
    public bool IsFree => _holders.Count == 0 && _queue.Count == 0;

    /// <summary>Whether <paramref name="mode"/> has to wait for somebody. Whoever waits is not asked: a lock that conflicts with no holder's overtakes
    /// those that wait, which is how shared locks starve an exclusive one.</summary>
    public bool IsHeldAgainst(ModelTransaction transaction, LockMode mode) =>
        _holders.Exists(h => h.Holder != transaction && h.Mode.ConflictsWith(mode));

    public void Hold(ModelTransaction transaction, LockMode mode)
    {
        var at = _holders.FindIndex(h => h.Holder == transaction);
        if (at < 0)
        {
            _holders.Add((transaction, mode));
            transaction.Holds(this);
        }
        else if (_holders[at].Mode < mode)
        {
            _holders[at] = (transaction, mode);
        }
    }

    public void Release(ModelTransaction transaction) => _holders.RemoveAll(h => h.Holder == transaction);

    internal void Enqueue(LockWait wait) => _queue.Add(wait);

    internal void Dequeue(LockWait wait) => _queue.Remove(wait);

    /// <summary>Whether a waiter is next: in the order in which they came, once no holder is in its way.</summary>
    internal bool IsNext(LockWait wait) => !Blockers(wait).Any();

    /// <summary>Whom a waiter waits for.</summary>
    internal IEnumerable<ModelTransaction> Blockers(LockWait wait) =>
        _holders.Where(h => h.Holder != wait.Transaction && h.Mode.ConflictsWith(wait.Mode)).Select(h => h.Holder)
            .Concat(_queue.TakeWhile(w => w != wait).Where(w => w.Mode.ConflictsWith(wait.Mode)).Select(w => w.Transaction));
}
