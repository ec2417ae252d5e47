namespace Latecomer.Runtime;

/// <summary>A kind of actor as the runtime sees it: states, messages and entries without their types. Implemented by
/// <see cref="Actor{TState, TMessage, TEntry}"/> alone.</summary>
public interface IActorBehavior
{
    /// <summary>The kind's name and where its actors live.</summary>
    ActorKind Kind { get; }

    /// <summary>The version of the state's format; older ones are read forever, newer ones refused.</summary>
    int SchemaVersion { get; }

    /// <summary>The state of an actor that nobody has told anything yet.</summary>
    object Initial(string key);

    /// <summary>Reads a state image.</summary>
    object ReadState(ReadOnlySpan<byte> body, int schemaVersion);

    /// <summary>Writes a state image.</summary>
    byte[] WriteState(object state);

    /// <summary>Reads a message.</summary>
    object ReadMessage(SerializedMessage message);

    /// <summary>Writes a message to an actor of this kind.</summary>
    SerializedMessage WriteMessage(object message);

    /// <summary>Reads a journal entry.</summary>
    object ReadEntry(SerializedMessage entry);

    /// <summary>Writes a journal entry.</summary>
    SerializedMessage WriteEntry(object entry);

    /// <summary>Runs one turn; <paramref name="message"/> is one of the kind's messages or an <see cref="ActivityEnded"/>.</summary>
    (object State, TurnEffects Effects) Run(TurnContext context, object state, object message);
}
