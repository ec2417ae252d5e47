namespace Latecomer.Runtime;

/// <summary>An actor in memory.</summary>
/// <param name="State">Its state; null as long as <paramref name="Image"/> has not been read.</param>
/// <param name="Image">Its stored state that nobody has read yet; reading may fail, and then it is the turn that fails.</param>
/// <param name="Revision">The revision of either; 0 for an actor that has no stored state.</param>
internal sealed record ActorMemory(object? State, StateImage? Image, long Revision)
{
    public static ActorMemory Of(StateImage? image) => new(State: null, image, image?.Revision ?? 0);
}

/// <summary>The actors of a shard that are in memory. Only what is durable gets in.</summary>
internal sealed class ActorCache(TimeProvider time)
{
    private readonly Dictionary<ActorId, LinkedListNode<Entry>> _byId = [];
    private readonly LinkedList<Entry> _idleLongestFirst = [];

    public int Count => _byId.Count;

    public ActorMemory? Find(ActorId actor) => _byId.TryGetValue(actor, out var node) ? node.Value.Memory : null;

    public void Put(ActorId actor, ActorMemory memory)
    {
        var entry = new Entry(actor, memory, time.GetTimestamp());
        if (_byId.TryGetValue(actor, out var node))
        {
            _idleLongestFirst.Remove(node);
            node.Value = entry;
            _idleLongestFirst.AddLast(node);
        }
        else
        {
            _byId.Add(actor, _idleLongestFirst.AddLast(entry));
        }
    }

    public void Clear()
    {
        _byId.Clear();
        _idleLongestFirst.Clear();
    }

    /// <summary>Lets actors go that were idle for <paramref name="idle"/>, and the idlest of those above <paramref name="limit"/>.</summary>
    public void Passivate(TimeSpan idle, int limit)
    {
        while (_idleLongestFirst.First is { } first && (_byId.Count > limit || time.GetElapsedTime(first.Value.Used) >= idle))
        {
            _idleLongestFirst.RemoveFirst();
            _byId.Remove(first.Value.Actor);
        }
    }

    private sealed record Entry(ActorId Actor, ActorMemory Memory, long Used);
}
