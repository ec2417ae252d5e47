namespace Latecomer.Runtime;

/// <summary>What a turn may know besides its state and its message.</summary>
/// <param name="Self">The actor whose turn it is.</param>
/// <param name="Sender">The actor that sent the message; null when it came from the edge, a timer or an activity.</param>
/// <param name="Now">The store's clock, UTC.</param>
/// <param name="Cause">What made the turn happen (a message, a timer, an activity), as the journal names it.</param>
public sealed record TurnContext(ActorId Self, ActorId? Sender, DateTimeOffset Now, string Cause);
