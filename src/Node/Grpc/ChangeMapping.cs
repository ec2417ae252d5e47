using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Reflection;
using System.Text;
using Google.Protobuf.WellKnownTypes;
using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Node.Watching;
using Wire = Latecomer.Node.Protocol;

namespace Latecomer.Node.Grpc;

/// <summary>Changes of runs and partitions, from the journal to the API. What an entry says by itself is told; nothing is looked up that may be otherwise by now.</summary>
internal static class ChangeMapping
{
    /// <summary>Entries that only tell how a run goes on, and the definition that a run took up: nothing of the partition itself.</summary>
    private static readonly FrozenSet<string> OfRunsAlone = FrozenSet.ToFrozenSet(
    [
        nameof(PartitionEntry.StepTaken), nameof(PartitionEntry.WaitChanged), nameof(PartitionEntry.SlotTaken), nameof(PartitionEntry.SlotGivenBack),
        nameof(PartitionEntry.TaskQueued), nameof(PartitionEntry.TaskStarted), nameof(PartitionEntry.TaskRescheduled), nameof(PartitionEntry.TaskEnded),
        nameof(PartitionEntry.PinBegun), nameof(PartitionEntry.SensorWaited), nameof(PartitionEntry.ClaimsReceived), nameof(PartitionEntry.TriggerConfirmed),
        nameof(PartitionEntry.ClearRequested), nameof(PartitionEntry.TasksCleared), nameof(PartitionEntry.LaterTasksCleared), nameof(PartitionEntry.ClearSeen),
        nameof(PartitionEntry.DefinitionSeen), nameof(PartitionEntry.ExternalMarkBegun), nameof(PartitionEntry.ExternalMarkAsked), nameof(PartitionEntry.ExternalMarkAnswered),
        nameof(PartitionEntry.ExternalCreationBegun), nameof(PartitionEntry.ExternalCreationAsked), nameof(PartitionEntry.ExternalCreationEnded),
    ],
    StringComparer.Ordinal);

    private static readonly ConcurrentDictionary<System.Type, PropertyInfo?> RunProperties = [];

    /// <summary>The run that an entry is about; null if about none.</summary>
    public static RunId? Run(this PartitionEntry entry) =>
        RunProperties.GetOrAdd(entry.GetType(), type => type.GetProperty("Run"))?.GetValue(entry) as RunId?;

    /// <summary>What an entry tells of a run; nothing if it is about none. A clear is one change for each task that it names.</summary>
    public static IEnumerable<Wire.RunChange> RunChanges(this DecodedEntry decoded, string workTask)
    {
        if (decoded.Entry is not { } entry || entry.Run() is not { } run)
        {
            yield break;
        }

        IEnumerable<TaskKind?> tasks = entry switch
        {
            PartitionEntry.TaskQueued e => [e.Task],
            PartitionEntry.TaskStarted e => [e.Task],
            PartitionEntry.TaskRescheduled e => [e.Task],
            PartitionEntry.TaskEnded e => [e.Task],
            PartitionEntry.TasksCleared e => e.Tasks.Select(t => (TaskKind?)t),
            PartitionEntry.LaterTasksCleared e => e.Tasks.Select(t => (TaskKind?)t),
            _ => [null],
        };
        foreach (var task in tasks)
        {
            yield return new Wire.RunChange
            {
                Pipeline = decoded.Pipeline.Value,
                LogicalDate = decoded.Date.ToString(),
                RunId = run.Value,
                Type = decoded.Source.Entry.Type,
                Time = decoded.Source.At.ToTimestamp(),
                Revision = decoded.Source.Revision,
                TaskId = task is { } kind ? Tasks.IdOf(kind, workTask) : "",
                TaskState = TaskStateAfter(entry),
                RunState = RunStateAfter(entry),
                Message = RunWords.Of(entry),
                Cause = decoded.Source.Cause,
            };
        }
    }

    /// <summary>What an entry tells of the partition; nothing if it only tells how a run goes on.</summary>
    public static IEnumerable<Wire.PartitionChange> PartitionChanges(this DecodedEntry decoded)
    {
        var source = decoded.Source;
        if (!OfRunsAlone.Contains(source.Entry.Type))
        {
            yield return new Wire.PartitionChange
            {
                Pipeline = decoded.Pipeline.Value,
                LogicalDate = decoded.Date.ToString(),
                Type = source.Entry.Type,
                Time = source.At.ToTimestamp(),
                Revision = source.Revision,
                RunId = decoded.Entry?.Run()?.Value ?? "",
                Cause = source.Cause,
                Detail = Encoding.UTF8.GetString(source.Entry.Body),
            };
        }
    }

    private static Wire.TaskState TaskStateAfter(PartitionEntry entry) => entry switch
    {
        PartitionEntry.TaskQueued => Wire.TaskState.Queued,
        PartitionEntry.TaskStarted => Wire.TaskState.Running,
        PartitionEntry.TaskRescheduled => Wire.TaskState.UpForReschedule,
        PartitionEntry.TaskEnded ended => RunMapping.ToWire(ended.State),
        _ => Wire.TaskState.Unspecified,
    };

    private static Wire.RunState RunStateAfter(PartitionEntry entry) => entry switch
    {
        PartitionEntry.RunCreated or PartitionEntry.TasksCleared => Wire.RunState.Queued,
        PartitionEntry.TaskQueued or PartitionEntry.ExternalMarkBegun => Wire.RunState.Running,
        PartitionEntry.RunEnded ended => RunMapping.ToWire(ended.State),
        _ => Wire.RunState.Unspecified,
    };
}
