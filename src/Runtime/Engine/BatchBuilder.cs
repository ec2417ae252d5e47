namespace Latecomer.Runtime;

/// <summary>Collects the turns of one batch, and what the actors will remember once it is durable.</summary>
internal sealed class BatchBuilder(TurnBatch batch)
{
    private const int ErrorCharacters = 4_000;

    private readonly Dictionary<ActorId, (ActorMemory Memory, long Replaces)> _memories = [];
    private readonly HashSet<ActorId> _blocked = [];
    private readonly HashSet<(ActorId, string)> _changedTimers = [];

    public TurnBatch Batch => batch;

    /// <summary>Items that this batch makes go away.</summary>
    public int Taken => batch.Consumed.Count + batch.Fired.Count + batch.Requests.Count;

    public int Turns { get; private set; }

    public bool HasFailures { get; private set; }

    public bool IsEmpty => Taken == 0 && !HasFailures;

    public List<WorkItem> Items { get; } = [];

    /// <summary>Offered requests that had their turn.</summary>
    public HashSet<OfferedRequest> Offered { get; } = [];

    public IEnumerable<KeyValuePair<ActorId, ActorMemory>> Memories =>
        _memories.Select(m => KeyValuePair.Create(m.Key, m.Value.Memory));

    /// <summary>Whether an item must wait for a later batch: its actor failed in this one, or its timer is no longer the same.</summary>
    public bool MustWait(WorkItem item) =>
        _blocked.Contains(item.Actor) || (item is WorkItem.Alarm { Timer.Key: var key } && _changedTimers.Contains((key.Actor, key.Name)));

    public ActorMemory? MemoryOf(ActorId actor) => _memories.TryGetValue(actor, out var memory) ? memory.Memory : null;

    public void Add(WorkItem item, ActorMemory before, CompletedTurn turn)
    {
        Items.Add(item);
        Turns++;
        Consume(item);
        var replaces = _memories.TryGetValue(item.Actor, out var known) ? known.Replaces : before.Revision;
        _memories[item.Actor] = (turn.Memory, replaces);
        batch.Journal.AddRange(turn.Journal);
        batch.Sends.AddRange(turn.Sends);
        batch.Timers.AddRange(turn.Timers);
        batch.Activities.AddRange(turn.Activities);
        batch.Replies.AddRange(turn.Replies);
        batch.Rows.AddRange(turn.Rows);
        batch.Retired.AddRange(turn.Retired);
        foreach (var timer in turn.Timers)
        {
            _changedTimers.Add((timer.Actor, timer.Name));
        }
    }

    /// <summary>Leaves an item where it is, with an attempt more.</summary>
    public void Fail(WorkItem item)
    {
        HasFailures = true;
        _blocked.Add(item.Actor);
        switch (item)
        {
            case WorkItem.Letter letter:
                batch.FailedMail.Add(letter.Mail.Id);
                break;
            case WorkItem.Alarm alarm:
                batch.FailedTimers.Add(alarm.Timer.Key);
                break;
        }
    }

    /// <summary>Sets an item aside. From the edge: it is answered, and its actor goes on. Else its actor is suspended, for
    /// a message skipped silently is one lost.</summary>
    public void SetAside(WorkItem item, string error)
    {
        _blocked.Add(item.Actor);
        Consume(item);
        var mail = (item as WorkItem.Letter)?.Mail;
        var text = error.Length <= ErrorCharacters ? error : error[..ErrorCharacters];
        batch.DeadLetters.Add(new DeadLetter(
            mail?.Id ?? 0, item.Actor, item.Sender, item.Message, item.Cause, mail?.Request, text, Suspends: mail?.Request is null, batch.At));
        if (mail?.Request is { } request)
        {
            batch.Replies.Add((request, new StoredReply(
                ReplyStatus.Internal, Body: null, "The request could not be handled: a fault of this program, set aside as a dead letter.")));
        }
    }

    /// <summary>Writes the states that changed, one image for each actor, however many turns it had.</summary>
    public void Seal(TurnRunner runner)
    {
        foreach (var (actor, (memory, replaces)) in _memories)
        {
            if (memory.Revision != replaces)
            {
                batch.States.Add((runner.Image(actor, memory), replaces));
            }
        }
    }

    private void Consume(WorkItem item)
    {
        switch (item)
        {
            case WorkItem.Letter letter:
                batch.Consumed.Add(letter.Mail.Id);
                break;
            case WorkItem.Alarm alarm:
                batch.Fired.Add(alarm.Timer.Key);
                break;
            case WorkItem.Offer { Offered: var offered }:
                batch.Requests.Add(offered.Request);
                Offered.Add(offered);
                break;
        }
    }
}
