using System.Diagnostics;
using Google.Protobuf.WellKnownTypes;
using Latecomer.Actors;
using Latecomer.Contracts;
using Wire = Latecomer.Node.Protocol;

namespace Latecomer.Node.Grpc;

/// <summary>Runs, from rows to the API.</summary>
internal static class RunMapping
{
    /// <summary>A run with its tasks.</summary>
    public static Wire.Run ToWire(this RunRow row)
    {
        var run = new Wire.Run
        {
            Pipeline = row.Pipeline.Value,
            RunId = row.RunId.Value,
            LogicalDate = row.Date.ToString(),
            Kind = ToWire(row.Kind),
            State = ToWire(row.State),
            HoldNumber = row.HoldNumber,
            CreateTime = row.CreatedAt.ToTimestamp(),
            EndTime = row.EndedAt?.ToTimestamp(),
            BackfillId = row.Backfill is { } number ? BackfillMapping.IdOf(number) : "",
        };
        run.Pin.AddRange(ToWire(row.Pin));
        run.Tasks.AddRange(row.Tasks.Select(t => new Wire.TaskInstance
        {
            TaskId = t.TaskId,
            State = ToWire(t.State),
            TryNumber = t.Try,
            StartTime = t.StartedAt?.ToTimestamp(),
            EndTime = t.EndedAt?.ToTimestamp(),
            Message = t.Note ?? "",
        }));
        return run;
    }

    /// <summary>A try that has ended.</summary>
    public static Wire.TaskInstance ToWire(this TryRow row) => new()
    {
        TaskId = row.TaskId,
        State = ToWire(row.State),
        TryNumber = row.Try,
        StartTime = row.StartedAt?.ToTimestamp(),
        EndTime = row.EndedAt.ToTimestamp(),
        Message = row.Note ?? "",
    };

    /// <summary>A pin, table by table.</summary>
    public static IEnumerable<Wire.TablePin> ToWire(Pin pin) =>
        pin.Tables.Select(t => new Wire.TablePin { Table = t.Key.Value, TableId = t.Value.TableId, Version = t.Value.Version });

    /// <summary>A pin from its tables.</summary>
    /// <exception cref="FormatException">A table is named twice, or is none.</exception>
    public static Pin ToPin(this IEnumerable<Wire.TablePin> tables)
    {
        var pin = Pin.None;
        foreach (var table in tables)
        {
            var path = TablePath.Parse(table.Table);
            pin = pin.Tables.ContainsKey(path) ? throw new FormatException($"Two versions of {path} are said: say one.") : pin.With(path, new TablePin(table.TableId, table.Version));
        }

        return pin;
    }

    /// <summary>A kind of run.</summary>
    public static Wire.RunKind ToWire(RunKind kind) => kind switch
    {
        RunKind.Scheduled => Wire.RunKind.Scheduled,
        RunKind.Manual => Wire.RunKind.Manual,
        RunKind.Backfill => Wire.RunKind.Backfill,
        RunKind.External => Wire.RunKind.External,
        _ => throw new UnreachableException(),
    };

    /// <summary>A run's state.</summary>
    public static Wire.RunState ToWire(RunState state) => state switch
    {
        RunState.Queued => Wire.RunState.Queued,
        RunState.Running => Wire.RunState.Running,
        RunState.Success => Wire.RunState.Success,
        RunState.Failed => Wire.RunState.Failed,
        RunState.Cancelled => Wire.RunState.Cancelled,
        _ => throw new UnreachableException(),
    };

    /// <summary>How a task instance stands.</summary>
    public static Wire.TaskState ToWire(TaskState state) => state switch
    {
        TaskState.None => Wire.TaskState.Unspecified,
        TaskState.Queued => Wire.TaskState.Queued,
        TaskState.Running => Wire.TaskState.Running,
        TaskState.Success => Wire.TaskState.Success,
        TaskState.Failed => Wire.TaskState.Failed,
        TaskState.UpForRetry => Wire.TaskState.UpForRetry,
        TaskState.UpForReschedule => Wire.TaskState.UpForReschedule,
        TaskState.UpstreamFailed => Wire.TaskState.UpstreamFailed,
        TaskState.Skipped => Wire.TaskState.Skipped,
        TaskState.Cancelled => Wire.TaskState.Cancelled,
        _ => throw new UnreachableException(),
    };
}
