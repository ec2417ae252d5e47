using System.CommandLine;
using System.Globalization;
using Latecomer.Node.Protocol;
using Spectre.Console;
using Table = Spectre.Console.Table;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer partitions explain</c>: why a partition is as it is, from the commit to the outcome.</summary>
internal static class ExplainCommand
{
    private static readonly IReadOnlyList<string> Columns = ["when", "step", "what happened", "of"];

    /// <summary>The command.</summary>
    public static Command Create(ClientOptions client)
    {
        var (pipeline, date) = (Names.PipelineArgument(), Names.DateArgument());
        var command = new Command("explain", "Tells why a partition is as it is: commits, decisions, claims, runs, tries, outcomes.") { pipeline, date };
        return client.Asking(command, async asked =>
        {
            var explained = await asked.Call<ExplainPartitionResponse>(
                "Partitions/Explain", new ExplainPartitionRequest { Pipeline = asked.Get(pipeline).Value, LogicalDate = asked.Get(date).ToString() });
            if (!asked.Printer.IsTable)
            {
                asked.Printer.Print(explained, Columns, explained.Steps.Select(Row));
                return ExitCode.Ok;
            }

            Draw(asked.Printer, explained);
            return ExitCode.Ok;
        });
    }

    private static void Draw(Printer printer, ExplainPartitionResponse explained)
    {
        if (explained.Truncated)
        {
            printer.Remark("(what came before was removed: journal and tries are not kept for ever)");
        }

        var table = new Table().NoBorder();
        foreach (var column in Columns)
        {
            table.AddColumn(new TableColumn(column.ToUpperInvariant()) { NoWrap = column == Columns[0] || column == Columns[1] }.PadLeft(0).PadRight(2));
        }

        foreach (var step in explained.Steps)
        {
            table.AddRow([.. Row(step).Select(cell => new Markup(cell))]);
        }

        printer.Terminal.Write(table);
        printer.Remark($"now: {PartitionRows.Sentence(explained.Partition)}");
    }

    private static IReadOnlyList<string> Row(ExplainedStep step) =>
    [
        RunRows.Time(step.Time),
        $"[{Colour(step.Kind)}]{$"{step.Kind}".ToLowerInvariant()}[/]",
        Markup.Escape(step.Text),
        Markup.Escape(string.Join(", ", Details(step))),
    ];

    private static string Colour(ExplainedStepKind kind) => kind switch
    {
        ExplainedStepKind.Commit => "blue",
        ExplainedStepKind.Decision => "yellow",
        ExplainedStepKind.Claim => "magenta",
        ExplainedStepKind.Outcome => "green",
        _ => "grey",
    };

    /// <summary>What the sentence may leave out.</summary>
    private static IEnumerable<string> Details(ExplainedStep step)
    {
        if (step.Table.Length > 0)
        {
            yield return $"{step.Table}@{step.Version}";
        }

        if (step.Kind is ExplainedStepKind.Commit)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{step.Rows:N0} rows");
            yield return string.Create(CultureInfo.InvariantCulture, $"{step.Bytes:N0} bytes");
        }

        foreach (var (name, value) in new[] { ("claim", step.ClaimId), ("run", step.RunId), ("by", step.Caller) }.Where(detail => detail.Item2.Length > 0))
        {
            yield return $"{name} {value}";
        }

        if (step.TaskId.Length > 0)
        {
            yield return $"{step.TaskId} #{step.TryNumber}";
        }
    }
}
