namespace Latecomer.Tests.Integration.Runtime.Postgres;

/// <summary>What happens on a <see cref="Wire"/> at the end of a turn.</summary>
public abstract record WireFault
{
    private WireFault()
    {
    }

    public abstract bool LetsAnswersPass { get; }

    /// <summary>Before the server is told to commit.</summary>
    public abstract Task BeforeCommit(CancellationToken cancellation);

    /// <summary>The connection is lost before the server hears that it should commit.</summary>
    public sealed record LostBefore : WireFault
    {
        public override bool LetsAnswersPass => true;

        public override Task BeforeCommit(CancellationToken cancellation) => throw new IOException("The wire is cut.");
    }

    /// <summary>The server commits, and its answer is lost.</summary>
    public sealed record LostAfter : WireFault
    {
        public override bool LetsAnswersPass => false;

        public override Task BeforeCommit(CancellationToken cancellation) => Task.CompletedTask;
    }

    /// <summary>The node stops between its last statement and the commit, until it is told to go on.</summary>
    public sealed record Paused : WireFault
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _resumed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override bool LetsAnswersPass => true;

        /// <summary>It has stopped there.</summary>
        public Task Reached => _reached.Task;

        public void Resume() => _resumed.SetResult();

        public override Task BeforeCommit(CancellationToken cancellation)
        {
            _reached.SetResult();
            return _resumed.Task.WaitAsync(cancellation);
        }
    }
}
