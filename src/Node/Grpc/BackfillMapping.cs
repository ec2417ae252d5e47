using System.Diagnostics;
using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Latecomer.Actors;
using Latecomer.Contracts;
using Wire = Latecomer.Node.Protocol;

namespace Latecomer.Node.Grpc;

/// <summary>Backfills of ranges between the API and the domain.</summary>
internal static class BackfillMapping
{
    /// <summary>A backfill's id.</summary>
    public static string IdOf(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The number that an id stands for.</summary>
    /// <exception cref="FormatException">It is no id.</exception>
    public static long NumberOf(string id) => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 1_000_000_000_000
        ? number
        : throw new FormatException($"'{id}' is no backfill_id: they are numbers from 1.");

    /// <summary>A backfill.</summary>
    public static Wire.Backfill ToWire(this BackfillRow row) => new()
    {
        BackfillId = IdOf(row.Number),
        Pipeline = row.Pipeline.Value,
        FromDate = row.Dates.From.ToString(),
        ToDate = row.Dates.To.ToString(),
        ReprocessBehavior = row.Behavior switch
        {
            ReprocessBehavior.None => Wire.ReprocessBehavior.None,
            ReprocessBehavior.Failed => Wire.ReprocessBehavior.Failed,
            ReprocessBehavior.Completed => Wire.ReprocessBehavior.Completed,
            _ => throw new UnreachableException(),
        },
        RunBackwards = row.Backwards,
        MaxActiveRuns = row.MaxActive,
        State = row.State switch
        {
            RangeBackfillState.Planning or RangeBackfillState.Running or RangeBackfillState.Cancelling => Wire.BackfillState.Running,
            RangeBackfillState.Paused => Wire.BackfillState.Paused,
            RangeBackfillState.Completed => Wire.BackfillState.Completed,
            RangeBackfillState.Cancelled => Wire.BackfillState.Cancelled,
            _ => throw new UnreachableException(),
        },
        PlannedRuns = row.Counts.Planned,
        CreatedRuns = row.Counts.Created,
        SucceededRuns = row.Counts.Succeeded,
        FailedRuns = row.Counts.Failed,
        Skipped = row.Counts.Skipped,
        CreateTime = row.CreatedAt.ToTimestamp(),
        EndTime = row.EndedAt?.ToTimestamp(),
    };

    /// <summary>What is run again.</summary>
    /// <exception cref="FormatException">There is no such behavior.</exception>
    public static ReprocessBehavior ToDomain(this Wire.ReprocessBehavior behavior) => behavior switch
    {
        Wire.ReprocessBehavior.Unspecified or Wire.ReprocessBehavior.None => ReprocessBehavior.None,
        Wire.ReprocessBehavior.Failed => ReprocessBehavior.Failed,
        Wire.ReprocessBehavior.Completed => ReprocessBehavior.Completed,
        _ => throw new FormatException($"There is no reprocess_behavior {(int)behavior}."),
    };
}
