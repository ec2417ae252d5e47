namespace Latecomer.Tests.Testing.Postgres.Model;

/// <summary>One transaction on the server, statement by statement. READ COMMITTED unless said otherwise: each statement has a snapshot of its own, and
/// what it finds changed once it has a row's lock it looks at again.</summary>
public sealed class ModelTransaction
{
    private readonly bool _isInOnePiece;
    private readonly List<LockableRow> _held = [];
    private readonly List<IWrittenRow> _written = [];
    private readonly List<Action> _afterCommit = [];
    private Action<Exception>? _giveUp;
    private bool _hasBegun;

    internal ModelTransaction(ModelDatabase database, IModelClient client, string what)
    {
        (Database, Client, What, BeganAt, _isInOnePiece) = (database, client, what, database.Now, client.SendsInOnePiece());
    }

    public ModelDatabase Database { get; }

    public IModelClient Client { get; }

    /// <summary>What it is for, for people.</summary>
    public string What { get; }

    public DateTimeOffset BeganAt { get; }

    /// <summary>One snapshot for all of it, and no second look.</summary>
    public bool IsRepeatableRead { get; init; }

    /// <summary>How long it waits for a lock; null: for good.</summary>
    public TimeSpan? LockTimeout { get; set; } = ModelDatabase.DefaultLockTimeout;

    /// <summary>The newest commit that its statement sees.</summary>
    public long Snapshot { get; private set; }

    /// <summary>Its id, which it has once it has locked a row.</summary>
    public long? Id { get; private set; }

    /// <summary>Somebody ended it; it has not noticed yet.</summary>
    public bool IsTerminated { get; private set; }

    /// <summary>It holds or has asked for rows of leases in its earlier statements: what <c>latecomer.end_silent</c> looks for.</summary>
    public bool HoldsLeases { get; set; }

    /// <summary>It stands there; null while it does not wait for a lock.</summary>
    internal LockWait? Waiting { get; private set; }

    public override string ToString() => $"{Client.Name}'s {What}";

    /// <summary>Begins the next statement.</summary>
    public async ValueTask Next(string statement)
    {
        if (_hasBegun)
        {
            await Interrupt(statement);
        }
        else
        {
            await BeSent(statement);
        }

        if (!_hasBegun || !IsRepeatableRead)
        {
            Snapshot = Database.Commits;
        }

        _hasBegun = true;
    }

    /// <summary>A query of its own within a statement takes a snapshot of its own.</summary>
    public void LookAgain() => Snapshot = IsRepeatableRead ? Snapshot : Database.Commits;

    /// <summary>A row as the statement's snapshot has it.</summary>
    public T? Visible<T>(Row<T> row)
        where T : class => row.Visible(this, Snapshot);

    /// <summary>A row as a snapshot taken now would have it.</summary>
    public T? Newest<T>(Row<T> row)
        where T : class => row.Newest(this);

    /// <summary>The transaction's own time: of now, or, if <c>now()</c> is asked, of its beginning.</summary>
    public DateTimeOffset Clock => Database.Weakness == Weakness.FrozenClock ? BeganAt : Database.Now;

    /// <summary>SELECT ... FOR. After a wait the row's newest version is held against the condition again.</summary>
    /// <returns>The row's newest version; null if there is none for which the condition holds.</returns>
    public async ValueTask<T?> Select<T>(Row<T> row, Func<T, bool> where, LockMode mode, bool skipLocked = false)
        where T : class
    {
        if (Visible(row) is not { } seen || !where(seen))
        {
            return null;
        }

        if (skipLocked && row.IsHeldAgainst(this, mode))
        {
            return null;
        }

        await Lock(row, mode);
        if (!row.IsNewerThan(Snapshot))
        {
            return Newest(row);
        }

        if (IsRepeatableRead)
        {
            throw new ModelRefusal(SqlState.SerializationFailure);
        }

        return Newest(row) is { } newest && where(newest) ? newest : null;
    }

    /// <summary>UPDATE, or DELETE where <paramref name="set"/> gives null.</summary>
    /// <returns>The row as it was; null if there is none for which the condition holds.</returns>
    public async ValueTask<T?> Change<T>(Row<T>? row, Func<T, bool> where, Func<T, T?> set, LockMode mode = LockMode.NoKeyUpdate)
        where T : class
    {
        if (row is null || await Select(row, where, mode) is not { } before)
        {
            return null;
        }

        row.Write(this, set(before));
        return before;
    }

    public ValueTask<T?> Delete<T>(Row<T>? row, Func<T, bool> where)
        where T : class => Change(row, where, _ => null, LockMode.Update);

    /// <summary>INSERT ... ON CONFLICT DO NOTHING. Waits for whoever is just putting or taking away a row of that key.</summary>
    /// <returns>Whether it was put.</returns>
    public async ValueTask<bool> TryInsert<T>(Row<T> row, T value)
        where T : class
    {
        while (row.IsUndecided(this))
        {
            await Wait(row, LockMode.Update);
        }

        if (row.Newest(this) is not null)
        {
            return false;
        }

        row.Hold(this, LockMode.Update);
        row.Write(this, value);
        return true;
    }

    /// <summary>INSERT.</summary>
    /// <exception cref="ModelRefusal">There is a row of that key.</exception>
    public async ValueTask Insert<T>(Row<T> row, T value)
        where T : class
    {
        if (!await TryInsert(row, value))
        {
            throw new ModelRefusal(SqlState.UniqueViolation);
        }
    }

    /// <summary>Holds a row to the end, once no other transaction holds it against that.</summary>
    public async ValueTask Lock(LockableRow row, LockMode mode)
    {
        while (row.IsHeldAgainst(this, mode))
        {
            await Wait(row, mode);
        }

        row.Hold(this, mode);
    }

    /// <summary>Is done at the commit, at once with it.</summary>
    public void AfterCommit(Action then) => _afterCommit.Add(then);

    /// <summary>pg_terminate_backend: its locks are free at once. Its client hears of it when it next listens.</summary>
    public void Terminate()
    {
        IsTerminated = true;
        Undo();
    }

    /// <summary>pg_current_xact_id: its id, from now on if it had none.</summary>
    public long DrawId() => Id ??= Database.NextTransaction();

    internal void Holds(LockableRow row)
    {
        DrawId();
        _held.Add(row);
    }

    internal void Wrote(IWrittenRow row) => _written.Add(row);

    /// <param name="giveUp">How the client hears that its connection is lost.</param>
    internal void OnLoss(Action<Exception> giveUp) => _giveUp = giveUp;

    internal void Commit()
    {
        if (_written.Count > 0)
        {
            Database.Commits++;
            var oldest = Database.OldestSnapshotBut(this);
            _written.ForEach(row => row.Commit(Database.Commits, oldest));
        }

        _afterCommit.ForEach(then => then());
        _written.Clear();
        Undo();
    }

    internal void Undo()
    {
        _written.ForEach(row => row.Undo());
        _held.ForEach(row => row.Release(this));
        _written.Clear();
        _held.Clear();
    }

    /// <summary>A process that stands still begins nothing, nor does one that is gone.</summary>
    private async ValueTask BeSent(string statement)
    {
        if (!Client.IsPaused && !Client.IsGone && Client.WaitsForConnection())
        {
            await Stand(new ServerWait(this, statement));
        }

        while (Client.IsPaused && !Client.IsGone)
        {
            await Stand(new ClientWait(this, statement));
        }

        if (Client.IsGone)
        {
            throw new ModelRefusal(SqlState.ConnectionFailure);
        }
    }

    private async ValueTask Interrupt(string before)
    {
        switch (Client.IsPaused || Client.IsGone ? Interruption.None : Client.Before(this, before))
        {
            case Interruption.ServerBusy:
                await Stand(new ServerWait(this, before));
                break;
            case Interruption.AnswerLost when _isInOnePiece:
                GiveUp();
                await Stand(new ServerWait(this, before));
                break;
            case Interruption.ConnectionLost when !_isInOnePiece:
                GiveUp();
                throw new ModelRefusal(SqlState.ConnectionFailure);
            case Interruption.ClientSilent when !_isInOnePiece:
                await Stand(new ClientWait(this, before));
                break;
        }

        while (!_isInOnePiece && (Client.IsPaused || Client.IsGone))
        {
            if (Client.IsGone)
            {
                throw new ModelRefusal(SqlState.ConnectionFailure);
            }

            await Stand(new ClientWait(this, before));
        }
    }

    private void GiveUp()
    {
        Database.Noticed("transactions that lost their client");
        _giveUp!(new ModelRefusal(SqlState.ConnectionFailure));
    }

    private async ValueTask Wait(LockableRow row, LockMode mode)
    {
        var wait = Waiting = new LockWait(this, What, row, mode);
        Database.Noticed("waits for locks");
        await Stand(wait);
        Waiting = null;
        if (wait.Refusal is { } refusal)
        {
            Database.Noticed(refusal == SqlState.DeadlockDetected ? "deadlocks" : "locks that were not had in time");
            throw new ModelRefusal(refusal, What);
        }
    }

    private async ValueTask Stand(StandingTransaction stand)
    {
        Database.Standing.Add(stand);
        await stand.GoneOn;
        if (IsTerminated)
        {
            throw new ModelRefusal(SqlState.AdminShutdown);
        }
    }
}
