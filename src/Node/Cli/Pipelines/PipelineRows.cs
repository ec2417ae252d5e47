using Latecomer.Node.Protocol;
using Spectre.Console;

namespace Latecomer.Node.Cli;

/// <summary>Pipelines as rows for people, in Spectre's markup.</summary>
internal static class PipelineRows
{
    /// <summary>The columns of <see cref="Of"/>.</summary>
    public static readonly IReadOnlyList<string> Columns = ["name", "schedule", "start", "end", "tables", "work", "max active", "state"];

    /// <summary>The columns of <see cref="Status"/>.</summary>
    public static readonly IReadOnlyList<string> StatusColumns = ["name", "state", "schedule", "start", "end", "next", "active", "backfills", "queued", "tables", "work"];

    /// <summary>The pipelines of a page; of how they stand what does not change with each of their runs.</summary>
    public static IEnumerable<PipelineStatus> ItemsOf(ListPipelinesResponse page) => page.Pipelines.Select((pipeline, i) => new PipelineStatus
    {
        Pipeline = pipeline,
        Paused = page.Statuses.ElementAtOrDefault(i)?.Paused ?? false,
        Started = page.Statuses.ElementAtOrDefault(i)?.Started ?? true,
    });

    /// <summary>A pipeline of a list.</summary>
    public static IReadOnlyList<string> Of(PipelineStatus status)
    {
        var p = status.Pipeline;
        return [Markup.Escape(p.Name), p.Schedule, DateText.Short(p.Start), DateText.Short(p.End), Tables(p), Markup.Escape(p.Work.TaskId), $"{p.MaxActiveRuns}", State(status)];
    }

    /// <summary>A pipeline and how it stands.</summary>
    public static IReadOnlyList<string> Status(PipelineStatus status)
    {
        var p = status.Pipeline;
        return
        [
            Markup.Escape(p.Name), State(status), p.Schedule, DateText.Short(p.Start), DateText.Short(p.End), DateText.Short(status.NextLogicalDate), $"{status.ActiveRuns}/{p.MaxActiveRuns}",
            $"{status.ActiveBackfills}/{p.MaxActiveBackfills}", $"{status.QueuedRuns}", Tables(p), Markup.Escape(p.Work.TaskId),
        ];
    }

    private static string State(PipelineStatus status) => status.Paused ? "[yellow]paused[/]" : status.Started ? "[green]active[/]" : "[grey]starting[/]";

    private static string Tables(Pipeline pipeline) => Markup.Escape(string.Join(",", pipeline.Inputs.Select(i => i.Table)));
}
