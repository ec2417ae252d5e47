using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Actors;

/// <content>Taking over what was processed elsewhere. What the tables hold is known to all dates first; then every date is asked, and only then told. Meanwhile no run is
/// made, so what they have answered stays so.</content>
public sealed partial class PipelineActor
{
    private static void HandleAdoption(Turn<PipelineState, PipelineEntry> turn, PipelineMessage message)
    {
        switch (message)
        {
            case PipelineMessage.Adopt adopt:
                Adopt(turn, adopt);
                break;
            case PipelineMessage.StatesRead read when turn.State.Adopting is { Step: AdoptionStep.Reading } adoption && read.Activity.Id == ReadId(adoption):
                TakeStates(turn, adoption, read.Activity);
                break;
            case PipelineMessage.Synced synced when turn.State.Adopting is { Step: AdoptionStep.Syncing } adoption && adoption.Number == synced.Step:
                TakeNewest(turn, adoption, synced);
                break;
            case PipelineMessage.SyncFailed failed when turn.State.Adopting is { Step: AdoptionStep.Syncing } adoption && adoption.Number == failed.Step:
                GiveUpAdoption(turn, adoption, failed.Reason);
                break;
            case PipelineMessage.AdoptAnswered { Refusal: { } refusal } answered when turn.State.Adopting is { } adoption && adoption.Number == answered.Number:
                GiveUpAdoption(turn, adoption, $"{turn.State.Definition!.Schedule.NameOf(answered.Date)} cannot be taken over: {refusal}. Nothing was taken over.");
                break;
            case PipelineMessage.AdoptAnswered answered when turn.State.Adopting is { } adoption && adoption.Number == answered.Number:
                turn.Record(new PipelineEntry.AdoptionHeard(answered.Date, answered.IsNew, answered.IsLate));
                break;
            case PipelineMessage.DateAdopted adopted when turn.State.Adopting is { } adoption && adoption.Number == adopted.Number:
                turn.Record(new PipelineEntry.AdoptionHeard(adopted.Date, adopted.IsNew, adopted.IsLate));
                break;
            case PipelineMessage.StatesRead or PipelineMessage.Synced or PipelineMessage.SyncFailed or PipelineMessage.AdoptAnswered or PipelineMessage.DateAdopted:
                // The answer to an adoption that was given up.
                break;
            default:
                HandleDelete(turn, message);
                break;
        }
    }

    private static string BeingAdopted(Turn<PipelineState, PipelineEntry> turn) => $"What was processed elsewhere is being taken over by {turn.Self.Key}: ask again.";

    private static string ReadId(Adoption adoption) => $"states/{adoption.Number}";

    private static void Adopt(Turn<PipelineState, PipelineEntry> turn, PipelineMessage.Adopt adopt)
    {
        if (Refusal(turn, adopt) is var (status, reason))
        {
            turn.Refuse(adopt.Request, status, reason);
            return;
        }

        turn.Record(new PipelineEntry.AdoptionBegun(new Adoption(
            turn.State.Adoptions + 1, adopt.Request, adopt.DryRun, adopt.Through, adopt.Versions, adopt.StateTable, Versions: null, AdoptionStep.Starting, [], Next: null, 0, 0, 0)));
    }

    private static (ReplyStatus Status, string Reason)? Refusal(Turn<PipelineState, PipelineEntry> turn, PipelineMessage.Adopt adopt)
    {
        if (turn.State.Definition is not { } definition)
        {
            return (ReplyStatus.NotFound, $"There is no pipeline {turn.Self.Key}.");
        }

        if ((adopt.StateTable is null ? VersionFault(definition, adopt) : TableFault(definition)) is { } fault)
        {
            return (ReplyStatus.InvalidArgument, fault);
        }

        if (adopt.Through is { } through && DateFault(turn, definition, through) is { } wrong)
        {
            return (ReplyStatus.InvalidArgument, wrong);
        }

        return turn.State switch
        {
            { Adopting: not null } => (ReplyStatus.FailedPrecondition, BeingAdopted(turn)),
            { Backfill: not null } => (ReplyStatus.FailedPrecondition, $"{definition.Name} is being backfilled: what was processed elsewhere is taken over before that."),
            _ when turn.State.NextDate!.Value > turn.State.FirstScheduled => (ReplyStatus.FailedPrecondition,
                $"{definition.Name} has runs already, the first of {definition.Schedule.NameOf(turn.State.FirstScheduled)}: what was processed elsewhere is taken over before any run is made. Apply it under another name, paused, and adopt there."),
            _ => null,
        };
    }

    private static string? VersionFault(PipelineDefinition definition, PipelineMessage.Adopt adopt)
    {
        var inputs = definition.Inputs.Select(i => i.Table).ToList();
        return adopt switch
        {
            { Through: null } => "Say up to which date, or name a table of states.",
            _ when inputs.Except(adopt.Versions.Tables.Keys).Select(t => (TablePath?)t).FirstOrDefault() is { } missing => $"At which version of {missing} is missing: {definition.Name} reads it.",
            _ when adopt.Versions.Tables.Keys.Except(inputs).Select(t => (TablePath?)t).FirstOrDefault() is { } other => $"{definition.Name} does not read {other}: it reads {string.Join(", ", inputs)}.",
            _ when adopt.Versions.Tables.Values.Any(v => v.Version < 0) => "A version is 0 or higher.",
            _ => null,
        };
    }

    private static string? TableFault(PipelineDefinition definition) => definition.Inputs.Length > 1
        ? $"A table of states tells versions of one table, and {definition.Name} reads {string.Join(", ", definition.Inputs.Select(i => i.Table))}: say up to which date, and at which version of each."
        : null;

    private static string? DateFault(Turn<PipelineState, PipelineEntry> turn, PipelineDefinition definition, LogicalDate through) => through switch
    {
        _ when !definition.Covers(through) => NoDate(definition, through),
        _ when definition.Schedule.Next(through).Start > turn.Now => $"The interval of {definition.Schedule.NameOf(through)} has not ended yet: it cannot have been processed.",
        _ when definition.Schedule.Distance(definition.Start, through) >= Adoption.MostDates =>
            $"At most {Adoption.MostDates} dates are taken over: let {definition.Name} start later.",
        _ => null,
    };

    private static void TakeStates(Turn<PipelineState, PipelineEntry> turn, Adoption adoption, ActivityEnded activity)
    {
        var (definition, read) = (turn.State.Definition!, activity.Outcome == ActivityOutcome.Completed ? activity.OutputAs<StateTableRead>() : null);
        var fault = read is null ? activity.Error ?? $"Reading {adoption.StateTable} was stopped; adopt again." : read.Fault;
        fault ??= read!.Versions!.Dates(definition.Schedule).Select(v => DateFault(turn, definition, v.Date)).FirstOrDefault(f => f is not null);
        if (fault is not null)
        {
            GiveUpAdoption(turn, adoption, fault);
            return;
        }

        turn.Record(new PipelineEntry.AdoptionRead(read!.Versions!));
        Sync(turn);
    }

    private static void Sync(Turn<PipelineState, PipelineEntry> turn)
    {
        var tables = turn.State.Definition!.Inputs.Select(i => i.Table);
        turn.Record(new PipelineEntry.AdoptionSyncing([.. tables]));
        foreach (var table in tables)
        {
            turn.Send(ActorIds.Watcher(table), new WatcherMessage.SyncRequested(turn.Self, turn.State.Adopting!.Number));
        }
    }

    private static void TakeNewest(Turn<PipelineState, PipelineEntry> turn, Adoption adoption, PipelineMessage.Synced synced)
    {
        var (table, newest, definition) = (synced.Table, synced.Newest, turn.State.Definition!);
        var said = adoption.Versions is { } versions
            ? versions.Dates(definition.Schedule).Select(v => new TablePin("", v.Version)).MaxBy(p => p.Version)
            : adoption.Pin.Tables[table];
        if (said.Version > newest.Version)
        {
            GiveUpAdoption(turn, adoption, $"{table} has no version {said.Version}: its newest is {newest.Version}. Nothing was taken over.");
        }
        else if (said.TableId.Length > 0 && said.TableId != newest.TableId)
        {
            GiveUpAdoption(turn, adoption, $"{table} is table {newest.TableId}, not {said.TableId}: what was processed was another. Nothing was taken over.");
        }
        else
        {
            turn.Record(new PipelineEntry.AdoptionSynced(table, newest));
        }
    }

    private static void GiveUpAdoption(Turn<PipelineState, PipelineEntry> turn, Adoption adoption, string reason)
    {
        turn.Refuse(adoption.Request, ReplyStatus.FailedPrecondition, reason);
        turn.Record(new PipelineEntry.AdoptionOver(adoption.Number, Through: null));
    }

    /// <summary>Does what is due: begins, asks or tells more dates, or ends.</summary>
    private static void GoOnWithAdoption(Turn<PipelineState, PipelineEntry> turn)
    {
        switch (turn.State.Adopting)
        {
            case { Step: AdoptionStep.Starting, StateTable: { } table } adoption when turn.State.IsStarted:
                turn.Record(new PipelineEntry.AdoptionReading());
                turn.Start(ReadId(adoption), ReadStateTable.Kind, new ReadStateTable(table, turn.State.Definition!));
                break;
            case { Step: AdoptionStep.Starting } when turn.State.IsStarted:
                Sync(turn);
                break;
            case { Step: AdoptionStep.Syncing, Unsynced.IsEmpty: true }:
                turn.Record(new PipelineEntry.AdoptionGoesOn(AdoptionStep.Asking));
                TellDates(turn, turn.State.Adopting!);
                break;
            case { Step: AdoptionStep.Asking or AdoptionStep.Telling, Unanswered: 0, Next: not null } adoption:
                TellDates(turn, adoption);
                break;
            case { Step: AdoptionStep.Asking, Unanswered: 0, DryRun: false }:
                turn.Record(new PipelineEntry.AdoptionGoesOn(AdoptionStep.Telling));
                TellDates(turn, turn.State.Adopting!);
                break;
            case { Step: AdoptionStep.Asking or AdoptionStep.Telling, Unanswered: 0 } adoption:
                EndAdoption(turn, adoption);
                break;
        }
    }

    private static void TellDates(Turn<PipelineState, PipelineEntry> turn, Adoption adoption)
    {
        var definition = turn.State.Definition!;
        var page = adoption.From(adoption.Next!.Value, definition).Take(AskedPerTurn + 1).ToList();
        var next = page.Count > AskedPerTurn ? page[AskedPerTurn].Date : (LogicalDate?)null;
        foreach (var (date, pin) in page.Take(AskedPerTurn))
        {
            turn.Send(ActorIds.Partition(definition.Name, date), adoption.Step == AdoptionStep.Asking
                ? new PartitionMessage.AdoptAsked(adoption.Number, pin)
                : new PartitionMessage.Adopt(adoption.Number, pin, definition));
        }

        turn.Record(new PipelineEntry.AdoptionAsked(Math.Min(page.Count, AskedPerTurn), next));
    }

    private static void EndAdoption(Turn<PipelineState, PipelineEntry> turn, Adoption adoption)
    {
        var (definition, through) = (turn.State.Definition!, adoption.Through!.Value);
        turn.Record(new PipelineEntry.AdoptionOver(adoption.Number, adoption.DryRun ? null : through));
        var next = definition.Schedule.Next(through);
        if (!adoption.DryRun)
        {
            var dates = new DateRange(definition.Start, through);
            turn.Send(ActorIds.Marking(definition.Name), new MarkingMessage.MarksAdopted(dates, definition.Schedule));
            turn.Send(ActorIds.Backfill(definition.Name), new BackfillMessage.CreationsAdopted(dates, definition.Schedule));
        }

        turn.Reply(adoption.Request, new AdoptReply(adoption.Adopted, adoption.Late, next > turn.State.NextDate ? next : turn.State.NextDate!.Value));
    }

    private static PipelineState ApplyAdoption(PipelineState state, PipelineEntry entry) => entry switch
    {
        PipelineEntry.AdoptionBegun begun => state with { Adopting = begun.Adoption, Adoptions = begun.Adoption.Number },
        PipelineEntry.AdoptionReading => WithAdoption(state, a => a with { Step = AdoptionStep.Reading }),
        PipelineEntry.AdoptionRead read => WithAdoption(state, a => a with { Versions = read.Versions, Through = read.Versions.Dates(state.Definition!.Schedule).Last().Date }),
        PipelineEntry.AdoptionSyncing syncing => WithAdoption(state, a => a with { Step = AdoptionStep.Syncing, Unsynced = syncing.Tables }),
        PipelineEntry.AdoptionSynced synced => WithAdoption(state, a => a with
        {
            Unsynced = a.Unsynced.Remove(synced.Table),
            Pin = a.Pin.With(synced.Table, a.Pin.Tables.TryGetValue(synced.Table, out var said) ? said with { TableId = synced.Newest.TableId } : synced.Newest),
        }),
        PipelineEntry.AdoptionGoesOn goesOn => WithAdoption(state, a => a with { Step = goesOn.Step, Next = a.First(state.Definition!), Adopted = 0, Late = 0 }),
        PipelineEntry.AdoptionAsked asked => WithAdoption(state, a => a with { Unanswered = a.Unanswered + asked.Count, Next = asked.Next }),
        PipelineEntry.AdoptionHeard heard => WithAdoption(state, a => a.With(heard.IsNew, heard.IsLate)),
        PipelineEntry.AdoptionOver { Through: { } through } => GoOnAfter(state, through) with { Adopting = null },
        PipelineEntry.AdoptionOver => state with { Adopting = null },
        _ => ApplyDeletion(state, entry),
    };

    private static PipelineState WithAdoption(PipelineState state, Func<Adoption, Adoption> change) => state with { Adopting = change(state.Adopting!) };

    /// <summary>The schedule goes on after a date: those up to it have no runs, and count as marked.</summary>
    private static PipelineState GoOnAfter(PipelineState state, LogicalDate through) => state.AdoptedThrough > through ? state : state with
    {
        AdoptedThrough = through,
        NextDate = state.Definition!.Schedule.Next(through),
        MarkedThrough = through,
    };
}
