namespace Latecomer.Runtime;

/// <summary>Runs one turn in memory, to rows that a store can write. Everything that can be wrong with one turn shows here, as an
/// exception, but for what only the end of a batch or the store can tell (<see cref="InvalidTurnException"/>).</summary>
internal sealed class TurnRunner(ActorCatalog catalog)
{
    public CompletedTurn Run(WorkItem item, ActorMemory memory, DateTimeOffset now)
    {
        var behavior = catalog.BehaviorOf(item.Actor);
        var state = memory.State ?? Read(behavior, item.Actor, memory.Image);
        if (item is { Message.Type: Ping.Type, Request: { } request })
        {
            var pong = new StoredReply(ReplyStatus.Ok, Bytes(new Pong(memory.Revision)), Message: null);
            return new CompletedTurn(new ActorMemory(state, Image: null, memory.Revision), [], [], [], [], [(request, pong)], [], []);
        }

        var message = item.Message.Type == ActivityEndedFormat.Type
            ? ActivityEndedFormat.Read(item.Message)
            : behavior.ReadMessage(item.Message);
        var (next, effects) = behavior.Run(new TurnContext(item.Actor, item.Sender, now, item.Cause), state, message);
        if (effects.Sends.Count > ActorLimits.SendsPerTurn)
        {
            throw new InvalidOperationException($"A turn of {item.Actor} sends {effects.Sends.Count} messages, over the limit of {ActorLimits.SendsPerTurn}: they must be paged.");
        }

        var changed = effects.Entries.Count > 0;
        var revision = memory.Revision + (changed ? 1 : 0);
        return new CompletedTurn(
            new ActorMemory(next, Image: null, revision),
            [.. effects.Entries.Select(e => new NewJournalEntry(item.Actor, revision, behavior.WriteEntry(e), item.Cause))],
            [.. effects.Sends.Select(s => Send(item, s, changed ? Causes.OfTurn(item.Actor, revision) : item.Cause))],
            [.. effects.Timers.Select(t => Timer(behavior, item.Actor, t, revision))],
            [.. effects.Activities.Select(a => Activity(item.Actor, a, revision))],
            [.. effects.Replies.Select(r => (r.Request, new StoredReply(r.Status, r.Body is { } body ? Bytes(body) : null, r.Message)))],
            [.. effects.Rows.Where(r => r is not ProjectionChange.Retire).Select(Row)],
            [.. effects.Rows.OfType<ProjectionChange.Retire>().Select(r => (r.Projection, r.Key))]).With(RecordOf(item, now, revision, effects));
    }

    /// <summary>Who asked, where the turn is that of a request whose origin is known.</summary>
    private static (NewJournalEntry Entry, AuditRecord Audit)? RecordOf(WorkItem item, DateTimeOffset now, long revision, TurnEffects effects)
    {
        if (item.Request is not { } request || Causes.OriginOf(item.Cause) is not { } origin)
        {
            return null;
        }

        var reply = effects.Replies.Find(r => r.Request == request);
        var audit = AuditRecord.Of(now, request, origin, item.Actor, item.Message, reply is null ? null : new StoredReply(reply.Status, Body: null, reply.Message));
        return (new NewJournalEntry(item.Actor, revision, new SerializedMessage(AuditRecord.Type, 1, DurableJson.Write(audit)), item.Cause), audit);
    }

    public StateImage Image(ActorId actor, ActorMemory memory)
    {
        var behavior = catalog.BehaviorOf(actor);
        var body = behavior.WriteState(memory.State!);
        return body.Length <= ActorLimits.StateBytes
            ? new StateImage(actor, memory.Revision, behavior.SchemaVersion, body)
            : throw new InvalidTurnException($"The state of {actor} would have {body.Length} bytes, over the limit of {ActorLimits.StateBytes}: history belongs into projections.");
    }

    private static object Read(IActorBehavior behavior, ActorId actor, StateImage? image) =>
        image is null ? behavior.Initial(actor.Key) : behavior.ReadState(image.Body, image.SchemaVersion);

    private NewMail Send(WorkItem item, OutgoingMessage send, string cause) =>
        new(send.To, catalog.ShardOf(send.To), item.Actor, catalog.BehaviorOf(send.To).WriteMessage(send.Message), cause);

    private static NewTimer Timer(IActorBehavior behavior, ActorId actor, TimerChange change, long revision) => change switch
    {
        TimerChange.Set set => new NewTimer(actor, set.Name, set.Due, behavior.WriteMessage(set.Message), Causes.OfTimer(set.Name, revision)),
        _ => new NewTimer(actor, change.Name, Due: null, Message: null, Causes.OfTimer(change.Name, revision)),
    };

    private static NewActivity Activity(ActorId actor, ActivityChange change, long revision)
    {
        var key = new ActivityKey(actor, change.Id);
        return change is ActivityChange.Start start
            ? new NewActivity(key, start.Kind, Bytes(start.Input), Causes.OfActivity(start.Id, revision))
            : new NewActivity(key, Kind: null, Input: null, Causes.OfActivity(change.Id, revision));
    }

    private static (string, string, byte[]?) Row(ProjectionChange change) =>
        (change.Projection, change.Key, change is ProjectionChange.Put put ? Bytes(put.Row) : null);

    private static byte[] Bytes(object value)
    {
        var body = DurableJson.Write(value, value.GetType());
        return body.Length <= ActorLimits.MessageBytes
            ? body
            : throw new InvalidOperationException($"A {value.GetType().Name} has {body.Length} bytes, over the limit of {ActorLimits.MessageBytes}: it must be paged.");
    }
}

/// <summary>One turn that was run, not yet real.</summary>
internal sealed record CompletedTurn(
    ActorMemory Memory,
    IReadOnlyList<NewJournalEntry> Journal,
    IReadOnlyList<NewMail> Sends,
    IReadOnlyList<NewTimer> Timers,
    IReadOnlyList<NewActivity> Activities,
    IReadOnlyList<(RequestId Request, StoredReply Reply)> Replies,
    IReadOnlyList<(string Projection, string Key, byte[]? Body)> Rows,
    IReadOnlyList<(string Projection, string Key)> Retired)
{
    /// <summary>The turn with the record of who asked for it. Its row is history at once.</summary>
    public CompletedTurn With((NewJournalEntry Entry, AuditRecord Audit)? record) => record is var (entry, audit)
        ? this with
        {
            Journal = [entry, .. Journal],
            Rows = [.. Rows, (AuditRecord.Projection, audit.Key, DurableJson.Write(audit))],
            Retired = [.. Retired, (AuditRecord.Projection, audit.Key)],
        }
        : this;
}
