using Latecomer.Node.Protocol;
using Spectre.Console;

namespace Latecomer.Node.Cli;

/// <summary>Partitions for people.</summary>
internal static class PartitionRows
{
    /// <summary>The columns of <see cref="Of"/>.</summary>
    public static readonly IReadOnlyList<string> Columns = ["execution date", "late", "processed at", "changed at", "late rows", "held by", "claim"];

    /// <summary>A partition as a row, in Spectre's markup.</summary>
    public static IReadOnlyList<string> Of(Partition partition) =>
    [
        DateText.Short(partition.LogicalDate),
        partition.NeedsApproval ? "[red]needs approval[/]" : partition.Late ? "[yellow]late[/]" : "",
        Markup.Escape(RunRows.Pin(partition.LastProcessed)),
        Markup.Escape(string.Join(",", partition.Inputs.Where(i => i.ChangeTime is not null).Select(i => $"{i.Table}@{i.ChangeVersion}"))),
        partition.Late ? $"{partition.Inputs.Sum(i => i.RowsSinceProcessed)}" : "",
        Markup.Escape(partition.HeldBy),
        Markup.Escape(partition.ClaimId),
    ];

    /// <summary>A partition in a sentence.</summary>
    public static string Sentence(Partition partition) =>
        $"{partition.Pipeline} {DateText.Short(partition.LogicalDate)}: {string.Join(", ", Facts(partition))}";

    private static IEnumerable<string> Facts(Partition partition)
    {
        yield return partition.Late ? $"late, {partition.Inputs.Sum(i => i.RowsSinceProcessed)} rows came after it was processed" : "not late";
        yield return partition.LastProcessed.Count == 0 ? "never processed" : $"processed at {RunRows.Pin(partition.LastProcessed)}{(partition.LastProcessedBy.Length > 0 ? $" by {partition.LastProcessedBy}" : "")}";
        if (partition.HeldBy.Length > 0)
        {
            yield return $"held by {partition.HeldBy} (hold {partition.HoldNumber})";
        }

        if (partition.ClaimId.Length > 0)
        {
            yield return $"claimed by {partition.ClaimId}";
        }

        if (partition.FailedClaims > 0)
        {
            yield return $"{partition.FailedClaims} claims in a row failed";
        }

        if (partition.NeedsApproval)
        {
            yield return $"claimed again only after 'latecomer partitions approve {partition.Pipeline} {DateText.Short(partition.LogicalDate)}'";
        }
    }
}
