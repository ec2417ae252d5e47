namespace Latecomer.Runtime;

/// <summary>What turns ask for, in the order in which they asked.</summary>
public sealed class TurnEffects
{
    /// <summary>Journal entries of the actor.</summary>
    public List<object> Entries { get; } = [];

    /// <summary>Messages to actors.</summary>
    public List<OutgoingMessage> Sends { get; } = [];

    /// <summary>Timers set and cancelled.</summary>
    public List<TimerChange> Timers { get; } = [];

    /// <summary>Activities started and cancelled.</summary>
    public List<ActivityChange> Activities { get; } = [];

    /// <summary>Answers to requests from the edge.</summary>
    public List<RequestReply> Replies { get; } = [];

    /// <summary>Rows that queries read.</summary>
    public List<ProjectionChange> Rows { get; } = [];
}

/// <summary>A message to an actor.</summary>
public sealed record OutgoingMessage(ActorId To, object Message);

/// <summary>What a turn does to a timer of its actor.</summary>
public abstract record TimerChange
{
    private TimerChange()
    {
    }

    /// <summary>The timer's name within its actor.</summary>
    public abstract string Name { get; init; }

    /// <summary>Deliver the message at <paramref name="Due"/> or later.</summary>
    public sealed record Set(string Name, DateTimeOffset Due, object Message) : TimerChange;

    /// <summary>Do not deliver it.</summary>
    public sealed record Cancel(string Name) : TimerChange;
}

/// <summary>What a turn does to an activity of its actor.</summary>
public abstract record ActivityChange
{
    private ActivityChange()
    {
    }

    /// <summary>The activity's id within its actor.</summary>
    public abstract string Id { get; init; }

    /// <summary>Run it.</summary>
    public sealed record Start(string Id, string Kind, object Input) : ActivityChange;

    /// <summary>Stop it.</summary>
    public sealed record Cancel(string Id) : ActivityChange;
}

/// <summary>What a turn does to a projection.</summary>
public abstract record ProjectionChange
{
    private ProjectionChange()
    {
    }

    /// <summary>The projection's name.</summary>
    public abstract string Projection { get; init; }

    /// <summary>The row's key; rows are listed in the ordinal order of their keys.</summary>
    public abstract string Key { get; init; }

    /// <summary>The row is now this.</summary>
    public sealed record Put(string Projection, string Key, object Row) : ProjectionChange;

    /// <summary>The row is gone.</summary>
    public sealed record Remove(string Projection, string Key) : ProjectionChange;

    /// <summary>The row stays until history is old enough.</summary>
    public sealed record Retire(string Projection, string Key) : ProjectionChange;
}
