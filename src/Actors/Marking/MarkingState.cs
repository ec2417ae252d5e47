using System.Collections.Immutable;
using Latecomer.Contracts;

namespace Latecomer.Actors;

/// <summary>Who marks, who may, and who waits.</summary>
/// <param name="Schedule">The pipeline's schedule.</param>
/// <param name="Order">Which scheduled dates are marked.</param>
/// <param name="Turn">Who marks now.</param>
/// <param name="Queue">Who has a slot and waits for the turn, in order.</param>
/// <param name="Waiting">Who waits for the date before.</param>
public sealed record MarkingState(
    Schedule Schedule,
    DateOrder Order,
    MarkingMessage.MarkRequested? Turn,
    ImmutableList<MarkingMessage.MarkRequested> Queue,
    ImmutableList<MarkingMessage.MarkRequested> Waiting)
{
    /// <summary>Nobody has asked.</summary>
    public static MarkingState Empty { get; } = new(Schedule.Daily, DateOrder.Empty, Turn: null, [], []);
}
