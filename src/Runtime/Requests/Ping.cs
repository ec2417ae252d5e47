namespace Latecomer.Runtime;

/// <summary>Asks any actor whether it is served: a turn of it that changes nothing, and replies with its <see cref="Pong"/>.</summary>
public static class Ping
{
    /// <summary>The message type; no actor's message can have it.</summary>
    public const string Type = "$Ping";

    /// <summary>The message.</summary>
    public static SerializedMessage Message { get; } = new(Type, 1, "{}"u8.ToArray());
}

/// <summary>The answer to a <see cref="Ping"/>.</summary>
/// <param name="Revision">How many turns have changed the actor.</param>
public sealed record Pong(long Revision);
