namespace Latecomer.Runtime.Sqlite;

/// <summary>A write that waits for its turn. Its result is out only after the commit.</summary>
internal abstract class PendingWrite
{
    public abstract bool Run(SqliteSession session);

    public abstract void Remember(Exception fault);

    public abstract void Succeed();

    public abstract void Fail(Exception fault);
}

/// <inheritdoc cref="PendingWrite"/>
internal sealed class PendingWrite<T>(Func<SqliteSession, Written<T>> write) : PendingWrite
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _value = default!;
    private Exception? _fault;

    public Task<T> Task => _done.Task;

    public override bool Run(SqliteSession session)
    {
        (_value, var keep) = write(session);
        return keep;
    }

    public override void Remember(Exception fault) => _fault = fault;

    public override void Succeed()
    {
        if (_fault is { } fault)
        {
            _done.SetException(fault);
        }
        else
        {
            _done.SetResult(_value);
        }
    }

    public override void Fail(Exception fault) => _done.SetException(_fault ?? fault);
}
