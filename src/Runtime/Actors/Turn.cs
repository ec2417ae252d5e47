using System.Diagnostics;

namespace Latecomer.Runtime;

/// <summary>
/// What one actor does with one message, collected as data: the entries that change its state, and the effects that
/// become real together with them, in one transaction, or not at all. A behavior only adds to it; nothing here does I/O, and
/// running the same message on the same state and context again gives an equal turn.
/// </summary>
/// <typeparam name="TState">The actor's state.</typeparam>
/// <typeparam name="TEntry">The closed set of the actor's journal entries.</typeparam>
public sealed class Turn<TState, TEntry>
    where TState : notnull
    where TEntry : notnull
{
    private readonly Func<TState, TEntry, TState> _apply;

    /// <summary>Begins a turn on <paramref name="state"/>.</summary>
    public Turn(TurnContext context, TState state, Func<TState, TEntry, TState> apply)
    {
        Context = context;
        State = state;
        _apply = apply;
        Effects = new TurnEffects();
    }

    /// <summary>Who is asked, by whom, when, and because of what.</summary>
    public TurnContext Context { get; }

    /// <summary>The state with every entry recorded so far applied.</summary>
    public TState State { get; private set; }

    /// <summary>What the turn has asked for so far.</summary>
    public TurnEffects Effects { get; }

    /// <summary>The store's clock when the batch was taken up; it never goes back for one actor.</summary>
    public DateTimeOffset Now => Context.Now;

    /// <summary>The actor whose turn this is.</summary>
    public ActorId Self => Context.Self;

    /// <summary>Records that something happened: applies it to <see cref="State"/> and appends it to the journal.</summary>
    public void Record(TEntry entry)
    {
        State = _apply(State, entry);
        Effects.Entries.Add(entry);
    }

    /// <summary>Sends a message to an actor. It arrives once, after every message sent to it by this actor before.</summary>
    public void Send(ActorId to, object message) => Effects.Sends.Add(new OutgoingMessage(to, message));

    /// <summary>Answers a request for good: a repeated request of the same id gets the same reply.</summary>
    public void Reply(RequestId request, object reply) =>
        Effects.Replies.Add(new RequestReply(request, ReplyStatus.Ok, reply, Message: null));

    /// <summary>Refuses a request for good, with a sentence for the person who asked.</summary>
    public void Refuse(RequestId request, ReplyStatus status, string message)
    {
        Debug.Assert(status != ReplyStatus.Ok, "A refusal has a reason.");
        Effects.Replies.Add(new RequestReply(request, status, Body: null, message));
    }

    /// <summary>Sets the timer <paramref name="name"/> to deliver <paramref name="message"/> to this actor at
    /// <paramref name="due"/> or later; a timer of the same name that has not fired is replaced.</summary>
    public void SetTimer(string name, DateTimeOffset due, object message) =>
        Effects.Timers.Add(new TimerChange.Set(name, due, message));

    /// <summary>Cancels the timer <paramref name="name"/>; it is no fault if there is none.</summary>
    public void CancelTimer(string name) => Effects.Timers.Add(new TimerChange.Cancel(name));

    /// <summary>Starts work with side effects. Its end comes back as an <see cref="ActivityEnded"/>, once.</summary>
    /// <param name="id">Unique among this actor's activities that have not ended.</param>
    /// <param name="kind">Which <see cref="IActivityHandler"/> runs it.</param>
    /// <param name="input">What it is given; serialised.</param>
    public void Start(string id, string kind, object input) =>
        Effects.Activities.Add(new ActivityChange.Start(id, kind, input));

    /// <summary>Asks a running activity to stop. It ends all the same, as cancelled or as whatever came first.</summary>
    public void Cancel(string id) => Effects.Activities.Add(new ActivityChange.Cancel(id));

    /// <summary>Puts a row into a projection, over the row of the same key.</summary>
    public void Project(string projection, string key, object row) =>
        Effects.Rows.Add(new ProjectionChange.Put(projection, key, row));

    /// <summary>Removes a row from a projection; it is no fault if there is none.</summary>
    public void Unproject(string projection, string key) =>
        Effects.Rows.Add(new ProjectionChange.Remove(projection, key));

    /// <summary>Says that a row of a projection is history from now on, because something newer has taken its place: it is removed once history is old
    /// enough. It is not to be put again.</summary>
    public void Retire(string projection, string key) =>
        Effects.Rows.Add(new ProjectionChange.Retire(projection, key));
}
