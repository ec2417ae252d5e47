namespace Latecomer.Runtime;

/// <summary>A message in a mailbox.</summary>
/// <param name="Id">Grows in the order in which messages were put; unique in the store.</param>
/// <param name="To">The receiver.</param>
/// <param name="From">The sending actor; null for the edge and for the end of an activity.</param>
/// <param name="Message">The message; the end of an activity has the type <see cref="ActivityEndedFormat.Type"/>.</param>
/// <param name="Cause">Because of what it was sent, as <see cref="Causes"/> names it.</param>
/// <param name="Attempts">How often its turn was tried and counted.</param>
/// <param name="Request">The request that it came with, if it is from the edge.</param>
public sealed record Mail(long Id, ActorId To, ActorId? From, SerializedMessage Message, string Cause, int Attempts, RequestId? Request);

/// <summary>A timer that is due.</summary>
/// <param name="Key">Which.</param>
/// <param name="Due">When it became due.</param>
/// <param name="Message">What it delivers.</param>
/// <param name="Cause">Because of what it was set, as <see cref="Causes"/> names it.</param>
/// <param name="Attempts">How often its turn was tried and counted.</param>
public sealed record DueTimer(TimerKey Key, DateTimeOffset Due, SerializedMessage Message, string Cause, int Attempts);

/// <summary>Names one setting of a timer.</summary>
/// <param name="Actor">Whose.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Generation">Which of the timers of that name: one set anew has a higher one.</param>
public readonly record struct TimerKey(ActorId Actor, string Name, long Generation);

/// <summary>An actor's state as stored.</summary>
/// <param name="Actor">Whose.</param>
/// <param name="Revision">How many turns changed it.</param>
/// <param name="SchemaVersion">The version of its format.</param>
/// <param name="Body">UTF-8 JSON.</param>
public sealed record StateImage(ActorId Actor, long Revision, int SchemaVersion, byte[] Body);
