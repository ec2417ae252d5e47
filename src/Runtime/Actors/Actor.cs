namespace Latecomer.Runtime;

/// <summary>
/// The behavior of a kind of actor, as pure functions: no I/O, no clock, no randomness, no <c>await</c>. The runtime owns
/// states and calls it; the same instance serves all actors of the kind, on any thread.
/// </summary>
/// <typeparam name="TState">What an actor remembers; at most <see cref="ActorLimits.StateBytes"/> when serialised.</typeparam>
/// <typeparam name="TMessage">The closed set of what it can be told: an abstract record with sealed nested records.</typeparam>
/// <typeparam name="TEntry">The closed set of what can happen to it, likewise.</typeparam>
public abstract class Actor<TState, TMessage, TEntry> : IActorBehavior
    where TState : notnull
    where TMessage : notnull
    where TEntry : notnull
{
    private readonly ClosedSetCodec<TMessage> _messages = new();
    private readonly ClosedSetCodec<TEntry> _entries = new();

    /// <inheritdoc/>
    public abstract ActorKind Kind { get; }

    /// <inheritdoc/>
    public virtual int SchemaVersion => 1;

    /// <summary>The state of an actor that nobody has told anything yet.</summary>
    public abstract TState Initial(string key);

    /// <summary>Decides what happens because of <paramref name="message"/>, and adds it to <paramref name="turn"/>.</summary>
    public abstract void Handle(Turn<TState, TEntry> turn, TMessage message);

    /// <summary>The state after <paramref name="entry"/>.</summary>
    public abstract TState Apply(TState state, TEntry entry);

    /// <summary>The message that tells this actor that an activity of its own has ended.</summary>
    /// <exception cref="NotSupportedException">The kind starts no activities.</exception>
    protected virtual TMessage FromActivity(ActivityEnded ended) =>
        throw new NotSupportedException($"{Kind.Name} starts no activities, but was told that {ended.Id} ended.");

    object IActorBehavior.Initial(string key) => Initial(key);

    object IActorBehavior.ReadState(ReadOnlySpan<byte> body, int schemaVersion) =>
        DurableJson.Read<TState>(body, $"the state of a {Kind.Name}", schemaVersion, SchemaVersion);

    byte[] IActorBehavior.WriteState(object state) => DurableJson.Write((TState)state);

    object IActorBehavior.ReadMessage(SerializedMessage message) => _messages.Read(message);

    SerializedMessage IActorBehavior.WriteMessage(object message) => _messages.Write((TMessage)message);

    object IActorBehavior.ReadEntry(SerializedMessage entry) => _entries.Read(entry);

    SerializedMessage IActorBehavior.WriteEntry(object entry) => _entries.Write((TEntry)entry);

    (object State, TurnEffects Effects) IActorBehavior.Run(TurnContext context, object state, object message)
    {
        var turn = new Turn<TState, TEntry>(context, (TState)state, Apply);
        Handle(turn, message is ActivityEnded ended ? FromActivity(ended) : (TMessage)message);
        return (turn.State, turn.Effects);
    }
}
