using System.Globalization;
using Latecomer.Actors;

namespace Latecomer.Node.Grpc;

/// <summary>What there is to say of an entry about a run, for people.</summary>
internal static class RunWords
{
    /// <summary>Some words; none where the entry's name says all.</summary>
    public static string Of(PartitionEntry entry) => entry switch
    {
        PartitionEntry.TaskRescheduled waits => waits.Note,
        PartitionEntry.TaskEnded ended => ended.Note ?? "",
        PartitionEntry.StepTaken taken => Of(taken.Wait),
        PartitionEntry.WaitChanged changed => Of(changed.Wait),
        PartitionEntry.Held { Number: { } number } held => string.Create(CultureInfo.InvariantCulture, $"holds the partition under number {number}, by try {held.MarkTry} of its mark"),
        PartitionEntry.PinTaken taken => string.Create(CultureInfo.InvariantCulture, $"processes version {taken.Pin.Version} of {taken.Table}"),
        PartitionEntry.Processed => "what it pinned is the last that was processed",
        PartitionEntry.SectionQueued => "waits for another run of the date",
        PartitionEntry.SensorWaited => "the next partition holds no data yet",
        PartitionEntry.ClaimsReceived { Claimed.Dates.IsEmpty: true } => "claimed nothing",
        PartitionEntry.ClaimsReceived claimed => $"claimed {string.Join(", ", claimed.Claimed.Dates)}",
        PartitionEntry.ExternalCreationEnded { Claimed: { } external } => external.Dates.IsEmpty ? "claimed nothing" : $"claimed {string.Join(", ", external.Dates)}",
        PartitionEntry.ExternalCreationEnded failed => failed.Failure ?? "",
        PartitionEntry.Released released => $"a person took the partition from it: {released.Reason}",
        PartitionEntry.TriggerConfirmed confirmed => $"its backfill of {confirmed.Date} exists",
        PartitionEntry.ExternalMarkBegun begun => string.Create(CultureInfo.InvariantCulture, $"begins try {begun.Try} of its mark, as its caller counts"),
        PartitionEntry.ClearRequested => "is cleared once its work has stopped",
        _ => "",
    };

    private static string Of(Wait wait) => wait switch
    {
        Wait.MarkPredecessor => "waits for the mark of the date before",
        Wait.Section => "waits for another run of the date",
        Wait.Slot => "waits for a slot",
        Wait.MarkTurn => "waits for its turn to mark",
        Wait.Pins => "waits for the versions of its inputs",
        Wait.Data => "waits for data in the next partition",
        Wait.Work => "works",
        Wait.Retry => "waits for its next try",
        Wait.CreationPredecessor => "waits for the creation of the date before",
        Wait.Creation => "waits for its claims",
        Wait.External => "works, elsewhere",
        Wait.Triggers => "waits for the runs that it triggered",
        _ => "",
    };
}
