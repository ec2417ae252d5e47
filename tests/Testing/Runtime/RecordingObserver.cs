using Latecomer.Runtime;

namespace Latecomer.Tests.Testing.Runtime;

/// <summary>Remembers what nodes did, and lets a test wait for it.</summary>
public sealed class RecordingObserver : IRuntimeObserver
{
    private readonly Lock _lock = new();
    private readonly List<(Func<RecordingObserver, bool> Condition, TaskCompletionSource Done)> _waiting = [];
    private readonly List<string> _events = [];

    public List<DeadLetter> Letters { get; } = [];

    public List<(string Node, NodeEnd How)> Ends { get; } = [];

    public List<(string Node, Lease Lease)> Taken { get; } = [];

    public List<(string Node, Lease Lease)> Released { get; } = [];

    public List<(string Node, Lease Lease)> Lost { get; } = [];

    public List<(string Node, ActivityAssignment Activity)> Started { get; } = [];

    public List<(string Node, ActivityEnded Ended)> Activities { get; } = [];

    public List<Removals> Removals { get; } = [];

    public List<Exception> Faults { get; } = [];

    public List<string> Joins { get; } = [];

    public int FailedTurns { get; private set; }

    public Dictionary<string, int> TurnsByNode { get; } = [];

    /// <summary>Completes when what was observed fulfils the condition; fails by saying what it waited for.</summary>
    public async Task Until(string what, Func<RecordingObserver, bool> condition)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (condition(this))
            {
                return;
            }

            _waiting.Add((condition, done));
        }

        try
        {
            await done.Task.WaitAsync(Liveness.Bound);
        }
        catch (TimeoutException late)
        {
            lock (_lock)
            {
                throw new TimeoutException($"Waited {Liveness.Bound.TotalSeconds} s for {what}. Last of what happened: {string.Join("; ", _events.TakeLast(20))}", late);
            }
        }
    }

    public void Joined(NodeRegistration node) => Note($"{node.Name} joined", () => Joins.Add(node.Name));

    public void Ended(NodeRegistration node, NodeEnd how) => Note($"{node.Name} ended: {how}", () => Ends.Add((node.Name, how)));

    public void LeasesTaken(NodeRegistration node, IReadOnlyList<Lease> leases) =>
        Note($"{node.Name} took {leases.Count}", () => Taken.AddRange(leases.Select(l => (node.Name, l))));

    public void LeasesReleased(NodeRegistration node, IReadOnlyList<Lease> leases) =>
        Note($"{node.Name} released {leases.Count}", () => Released.AddRange(leases.Select(l => (node.Name, l))));

    public void LeaseLost(NodeRegistration node, Lease lease) => Note($"{node.Name} lost {lease}", () => Lost.Add((node.Name, lease)));

    public void TurnsCommitted(NodeRegistration node, ShardId shard, int turns) =>
        Note($"{node.Name} ran {turns} turns of {shard}", () => TurnsByNode[node.Name] = TurnsByNode.GetValueOrDefault(node.Name) + turns);

    public void TurnFailed(NodeRegistration node, ActorId actor, int attempt, Exception fault) =>
        Note($"turn of {actor} failed: {fault.Message}", () => FailedTurns++);

    public void DeadLettered(NodeRegistration node, DeadLetter letter) => Note($"dead letter {letter.Id}", () => Letters.Add(letter));

    public void ActivityStarted(NodeRegistration node, ActivityAssignment activity) =>
        Note($"{node.Name} runs {activity.Key}", () => Started.Add((node.Name, activity)));

    public void ActivityEnded(NodeRegistration node, ActivityAssignment activity, ActivityEnded ended) =>
        Note($"{activity.Key} {ended.Outcome}", () => Activities.Add((node.Name, ended)));

    public void Removed(NodeRegistration node, Removals removals) => Note($"{node.Name} removed {removals}", () => Removals.Add(removals));

    public void Fault(NodeRegistration node, string doing, Exception fault) =>
        Note($"{node.Name} while {doing}: {fault.Message}", () => Faults.Add(fault));

    private void Note(string what, Action remember)
    {
        lock (_lock)
        {
            _events.Add(what);
            remember();
            foreach (var (_, done) in _waiting.Where(w => w.Condition(this)).ToList())
            {
                done.TrySetResult();
            }

            _waiting.RemoveAll(w => w.Done.Task.IsCompleted);
        }
    }
}
