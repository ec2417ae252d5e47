using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Actors;

/// <content>Applying a definition: checked whole before anything changes.</content>
public sealed partial class PipelineActor
{
    private static void Apply(Turn<PipelineState, PipelineEntry> turn, PipelineMessage.Apply apply)
    {
        if (apply.Definition.Faults().FirstOrDefault() is { } fault)
        {
            turn.Refuse(apply.Request, ReplyStatus.InvalidArgument, fault);
        }
        else if (turn.State.Applying.Count >= PipelineState.MostOperations)
        {
            turn.Refuse(apply.Request, ReplyStatus.FailedPrecondition, $"{PipelineState.MostOperations} definitions of {turn.Self.Key} are being applied already.");
        }
        else if (turn.State.Applying.IsEmpty && apply.Definition.Equals(turn.State.Definition))
        {
            turn.Reply(apply.Request, new ApplyReply(apply.Definition, Changed: false));
        }
        else
        {
            turn.Record(new PipelineEntry.ApplyQueued(new PendingApply(apply.Request, apply.Definition, apply.Paused)));
            if (turn.State.Applying.Count == 1)
            {
                DecideNext(turn);
            }
        }
    }

    /// <summary>Decides the definitions that wait, up to the first that must be checked against its tables.</summary>
    private static void DecideNext(Turn<PipelineState, PipelineEntry> turn)
    {
        while (turn.State.Applying is [var next, ..])
        {
            if (turn.State.Definition is { } known && FixedPartChanged(known, next.Definition) is { } part)
            {
                turn.Refuse(next.Request, ReplyStatus.FailedPrecondition, $"'{part}' of {known.Name} cannot change once it runs: apply it under another name.");
            }
            else if (next.Definition.Equals(turn.State.Definition))
            {
                turn.Reply(next.Request, new ApplyReply(next.Definition, Changed: false));
            }
            else
            {
                turn.Start($"check/{next.Request}", CheckPipeline.Kind, new CheckPipeline(next.Definition));
                return;
            }

            turn.Record(new PipelineEntry.ApplyDecided());
        }
    }

    private static string? FixedPartChanged(PipelineDefinition known, PipelineDefinition wanted) => (known, wanted) switch
    {
        _ when known.Schedule != wanted.Schedule => "schedule",
        _ when known.Start != wanted.Start => "start",
        _ when known.End != wanted.End && (known.End is null || wanted.End < known.End) => "end",
        _ when !known.Inputs.SequenceEqual(wanted.Inputs) => "table",
        _ when known.Work is Work.External != wanted.Work is Work.External => "work",
        _ when known.ConfigurationFolder != wanted.ConfigurationFolder => "configurationFolder",
        _ => null,
    };

    private static void EndCheck(Turn<PipelineState, PipelineEntry> turn, ActivityEnded activity)
    {
        if (turn.State.Applying is not [var pending, ..] || activity.Id != $"check/{pending.Request}")
        {
            return;
        }

        var fault = activity.Outcome == ActivityOutcome.Completed
            ? activity.OutputAs<PipelineCheck>().Fault
            : activity.Error ?? "Checking the pipeline was stopped; apply it again.";
        if (fault is null && turn.State.Definition is not null)
        {
            Accept(turn, pending);
            return;
        }

        if (fault is null)
        {
            turn.Send(ActorIds.Folder(pending.Definition.ConfigurationFolder), new ConfigurationFolderMessage.Take(pending.Definition.Name));
            return;
        }

        turn.Refuse(pending.Request, ReplyStatus.FailedPrecondition, fault);
        turn.Record(new PipelineEntry.ApplyDecided());
        DecideNext(turn);
    }

    private static void EndApply(Turn<PipelineState, PipelineEntry> turn, PipelineName owner)
    {
        if (turn.State.Definition is not null || turn.State.Applying is not [var pending, ..])
        {
            return;
        }

        var definition = pending.Definition;
        if (owner == definition.Name)
        {
            Accept(turn, pending);
            if (pending.Paused)
            {
                turn.Record(new PipelineEntry.Paused());
            }

            foreach (var input in definition.Inputs)
            {
                turn.Send(ActorIds.Watcher(input.Table), new WatcherMessage.Subscribe(
                    definition.Name, input, definition.Schedule, definition.Start));
            }

            return;
        }

        turn.Refuse(pending.Request, ReplyStatus.FailedPrecondition,
            $"The folder '{definition.ConfigurationFolder}' holds the configuration files of {owner}: give {definition.Name} another 'configurationFolder'.");
        turn.Record(new PipelineEntry.ApplyDecided());
        DecideNext(turn);
    }

    private static void Accept(Turn<PipelineState, PipelineEntry> turn, PendingApply pending)
    {
        turn.Record(new PipelineEntry.Applied(pending.Definition));
        turn.Reply(pending.Request, new ApplyReply(pending.Definition, Changed: true));
        turn.Record(new PipelineEntry.ApplyDecided());
        DecideNext(turn);
    }
}
