namespace Latecomer.Runtime.Postgres;

/// <summary>Lets calls that come while others are under way share a round trip, and so a transaction and a flush of the disk. A call that finds a place
/// free goes at once; the others go together as soon as there is one, in the order in which they came. Each gets the result, or the fault,
/// that it would have had alone: when the server refuses a group, its calls go again one by one.</summary>
/// <param name="run">Runs calls together, and gives a result for each, in their order.</param>
internal sealed class Gathering<TCall, TResult>(Func<IReadOnlyList<TCall>, CancellationToken, Task<IReadOnlyList<TResult>>> run)
    where TCall : notnull
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Member> _waiting = [];
    private int _running;

    /// <summary>How many groups may be under way at once.</summary>
    public int AtOnce { get; init; } = 2;

    /// <summary>How much one group weighs at most, if it is more than one call.</summary>
    public int Limit { get; init; } = 256;

    /// <summary>What a call weighs.</summary>
    public Func<TCall, int> Weight { get; init; } = _ => 1;

    /// <summary>Calls that have the same are never in one group.</summary>
    public Func<TCall, object> Apart { get; init; } = call => call;

    /// <summary>Makes a call. Whoever gives up no longer waits for it; what became of it is then not known.</summary>
    public async Task<TResult> Call(TCall call, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var member = new Member(call);
        bool free;
        lock (_lock)
        {
            _waiting.AddLast(member);
            free = _running < AtOnce;
            _running += free ? 1 : 0;
        }

        if (free)
        {
            _ = RunGroups();
        }

        await using var giveUp = cancellation.Register(static m => ((Member)m!).GiveUp(), member);
        return await member.Result.WaitAsync(cancellation);
    }

    private async Task RunGroups()
    {
        // Whoever is just about to call gets a seat, too.
        await Task.Yield();
        while (Take() is { } group)
        {
            await Run(group);
        }
    }

    /// <summary>Null when nobody waits: then the place is free again.</summary>
    private List<Member>? Take()
    {
        lock (_lock)
        {
            var group = new List<Member>();
            var taken = new HashSet<object>();
            var weight = 0;
            for (var next = _waiting.First; next is not null && (group.Count == 0 || weight < Limit);)
            {
                var (node, member) = (next, next.Value);
                next = next.Next;
                if (member.HasGivenUp)
                {
                    _waiting.Remove(node);
                    continue;
                }

                var more = Weight(member.Call);
                if ((group.Count == 0 || weight + more <= Limit) && taken.Add(Apart(member.Call)))
                {
                    _waiting.Remove(node);
                    group.Add(member);
                    weight += more;
                }
                else if (weight + more > Limit)
                {
                    break;
                }
            }

            _running -= group.Count == 0 ? 1 : 0;
            return group.Count == 0 ? null : group;
        }
    }

    private async Task Run(List<Member> group)
    {
        using var abandoned = new CancellationTokenSource();
        var left = group.Count;
        group.ForEach(m => m.Leaving(() =>
        {
            if (Interlocked.Decrement(ref left) == 0)
            {
                abandoned.Cancel();
            }
        }));
        try
        {
            var results = await run(group.ConvertAll(m => m.Call), abandoned.Token);
            for (var i = 0; i < group.Count; i++)
            {
                group[i].Succeed(results[i]);
            }
        }
        catch (StoreFaultException fault) when (group.Count > 1 && PostgresFault.IsOfOneCall(fault))
        {
            foreach (var member in group)
            {
                await Run([member]);
            }
        }
        catch (Exception fault)
        {
            group.ForEach(m => m.Fail(fault));
        }
        finally
        {
            group.ForEach(m => m.Leaving(leave: null));
        }
    }

    /// <summary>A call that waits or is under way.</summary>
    private sealed class Member(TCall call)
    {
        private readonly Lock _lock = new();
        private readonly TaskCompletionSource<TResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Action? _leave;

        public TCall Call => call;

        public Task<TResult> Result => _result.Task;

        public bool HasGivenUp { get; private set; }

        public void Succeed(TResult result) => _result.TrySetResult(result);

        public void Fail(Exception fault)
        {
            _result.TrySetException(fault);

            // Whoever has given up looks at it no more.
            _ = _result.Task.Exception;
        }

        /// <summary>What is to be done when the caller gives up, from now on; at once if he has already.</summary>
        public void Leaving(Action? leave)
        {
            lock (_lock)
            {
                _leave = leave;
                if (HasGivenUp)
                {
                    leave?.Invoke();
                }
            }
        }

        public void GiveUp()
        {
            lock (_lock)
            {
                HasGivenUp = true;
                _leave?.Invoke();
                _leave = null;
            }
        }
    }
}
