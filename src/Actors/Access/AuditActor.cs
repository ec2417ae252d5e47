using System.Diagnostics;
using Latecomer.Runtime;

namespace Latecomer.Actors;

/// <summary>How many calls were noted by it.</summary>
public sealed record AuditState(long Noted);

/// <summary>What it is told.</summary>
public abstract record AuditMessage
{
    private AuditMessage()
    {
    }

    /// <summary>A call ended without a turn of the actor that it was for: it was denied, was wrong, or is for no actor.</summary>
    /// <param name="Request">Names the note.</param>
    /// <param name="Call">The call's own request id; empty if it brought none.</param>
    /// <param name="Origin">Where it came from.</param>
    /// <param name="Detail">What exactly was asked.</param>
    /// <param name="Status">How it ended.</param>
    /// <param name="Reason">Why.</param>
    public sealed record Note(RequestId Request, string Call, RequestOrigin Origin, string Detail, string Status, string? Reason) : AuditMessage;
}

/// <summary>What happens.</summary>
public abstract record AuditEntry
{
    private AuditEntry()
    {
    }

    /// <summary>A call was noted.</summary>
    public sealed record Noted(AuditRecord Record) : AuditEntry;
}

/// <summary>Notes calls that no other turn has a record of.</summary>
public sealed class AuditActor : Actor<AuditState, AuditMessage, AuditEntry>
{
    /// <inheritdoc/>
    public override ActorKind Kind { get; } = new ActorKind.Sharded(ActorIds.AuditKind);

    /// <inheritdoc/>
    public override AuditState Initial(string key) => new(0);

    /// <inheritdoc/>
    public override void Handle(Turn<AuditState, AuditEntry> turn, AuditMessage message)
    {
        var note = message as AuditMessage.Note ?? throw new UnreachableException();
        var record = new AuditRecord(
            turn.Now, note.Call.Length > 0 ? note.Call : note.Request.Value, note.Origin.Method, note.Origin.Caller, note.Origin.Address,
            note.Origin.Method, note.Detail, note.Status, note.Reason);
        turn.Record(new AuditEntry.Noted(record));
        var key = $"{record.Key}/{turn.State.Noted}";
        turn.Project(AuditRecord.Projection, key, record);
        turn.Retire(AuditRecord.Projection, key);
        turn.Reply(note.Request, Done.Value);
    }

    /// <inheritdoc/>
    public override AuditState Apply(AuditState state, AuditEntry entry) => new(state.Noted + 1);
}
