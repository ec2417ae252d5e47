using Latecomer.Runtime;

namespace Latecomer.Tests.Simulation;

/// <summary>A behavior of the program in whose turns something is altered.</summary>
internal abstract class AlteredBehavior(IActorBehavior inner) : IActorBehavior
{
    public ActorKind Kind => inner.Kind;

    public int SchemaVersion => inner.SchemaVersion;

    public object Initial(string key) => inner.Initial(key);

    public object ReadState(ReadOnlySpan<byte> body, int schemaVersion) => inner.ReadState(body, schemaVersion);

    public byte[] WriteState(object state) => inner.WriteState(state);

    public object ReadMessage(SerializedMessage message) => inner.ReadMessage(message);

    public SerializedMessage WriteMessage(object message) => inner.WriteMessage(message);

    public object ReadEntry(SerializedMessage entry) => inner.ReadEntry(entry);

    public SerializedMessage WriteEntry(object entry) => inner.WriteEntry(entry);

    public virtual (object State, TurnEffects Effects) Run(TurnContext context, object state, object message) => inner.Run(context, state, message);
}
