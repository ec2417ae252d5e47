namespace Latecomer.Runtime;

/// <summary>Turns of one shard, serialised, that become real together.</summary>
/// <param name="Lease">The right under which they ran: the fence.</param>
/// <param name="At">The store's clock that they ran by.</param>
public sealed record TurnBatch(Lease Lease, DateTimeOffset At)
{
    /// <summary>Messages that were handled or set aside; each must still be there.</summary>
    public List<long> Consumed { get; } = [];

    /// <summary>Timers that fired; each must still be there.</summary>
    public List<TimerKey> Fired { get; } = [];

    /// <summary>Requests that were taken up without a mailbox; none of their ids may be known. Their replies are among the others.</summary>
    public List<NewRequest> Requests { get; } = [];

    /// <summary>Messages whose turn failed: they stay, with an attempt more.</summary>
    public List<long> FailedMail { get; } = [];

    /// <summary>Timers whose turn failed: they stay, with an attempt more.</summary>
    public List<TimerKey> FailedTimers { get; } = [];

    /// <summary>New state images, one per actor; each names the revision that it replaces (0: none).</summary>
    public List<(StateImage Image, long Replaces)> States { get; } = [];

    /// <summary>Journal entries in order; the store assigns their positions.</summary>
    public List<NewJournalEntry> Journal { get; } = [];

    /// <summary>Messages to actors, in order.</summary>
    public List<NewMail> Sends { get; } = [];

    /// <summary>Timers set (with a higher generation) and cancelled, in order, after those that fired.</summary>
    public List<NewTimer> Timers { get; } = [];

    /// <summary>Activities started and cancelled, in order.</summary>
    public List<NewActivity> Activities { get; } = [];

    /// <summary>Answers to requests. The first answer stays; one to a request that is not there goes nowhere.</summary>
    public List<(RequestId Request, StoredReply Reply)> Replies { get; } = [];

    /// <summary>Rows put (with a body) and removed (null), in order.</summary>
    public List<(string Projection, string Key, byte[]? Body)> Rows { get; } = [];

    /// <summary>Rows that are history from <see cref="At"/> on.</summary>
    public List<(string Projection, string Key)> Retired { get; } = [];

    /// <summary>Messages set aside; their mail or timer is also among those consumed or fired.</summary>
    public List<DeadLetter> DeadLetters { get; } = [];
}

/// <summary>A journal entry before it has a position.</summary>
public sealed record NewJournalEntry(ActorId Actor, long Revision, SerializedMessage Entry, string Cause);

/// <summary>A message before it has an id.</summary>
public sealed record NewMail(ActorId To, ShardId Shard, ActorId? From, SerializedMessage Message, string Cause);

/// <summary>A change to a timer: set to a due time and message, or cancelled when both are null.</summary>
public sealed record NewTimer(ActorId Actor, string Name, DateTimeOffset? Due, SerializedMessage? Message, string Cause);

/// <summary>A change to an activity: started with kind and input, or asked to stop when both are null.</summary>
/// <param name="Key">Which.</param>
/// <param name="Kind">Which handler runs it.</param>
/// <param name="Input">What it is given.</param>
/// <param name="Cause">The cause that its end will have, as <see cref="Causes"/> names it.</param>
public sealed record NewActivity(ActivityKey Key, string? Kind, byte[]? Input, string Cause);
