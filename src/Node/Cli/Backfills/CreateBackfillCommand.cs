using System.CommandLine;
using Latecomer.Contracts;
using Latecomer.Node.Protocol;
using Spectre.Console;
using ReprocessBehavior = Latecomer.Node.Protocol.ReprocessBehavior;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer backfills create</c>: a range of execution dates, with the words of Airflow's backfills.</summary>
internal static class CreateBackfillCommand
{
    private const int NoLimit = 0;

    /// <summary>The command.</summary>
    public static Command Create(ClientOptions client)
    {
        var pipeline = Names.PipelineArgument();
        var from = Options.Parsed<LogicalDate>("--from-date", "The first execution date.", Names.Date);
        var to = Options.Parsed<LogicalDate>("--to-date", "The last execution date.", Names.Date);
        (from.Required, to.Required) = (true, true);
        var behavior = Options.Word<ReprocessBehavior>("--reprocess-behavior", "Which dates that had runs are run again: none; those that failed; or all, also completed ones. [default: none]");
        var backwards = new Option<bool>("--run-backwards") { Description = "The last date comes first." };
        var most = Options.Number("--max-active-runs", "How many of its runs are active at a time; as many backfills as the pipeline allows when 0.", NoLimit, NoLimit, int.MaxValue);
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say which dates it would run." };
        var (requestId, wait) = (RequestIds.Option(), RunProgress.WaitOption());
        var command = new Command("create", "Makes runs for a range of execution dates.") { pipeline, from, to, behavior, backwards, most, dryRun, requestId, wait };
        return client.Asking(command, async asked =>
        {
            var response = await asked.Call<CreateBackfillResponse>("Backfills/Create", new CreateBackfillRequest
            {
                Pipeline = asked.Get(pipeline).Value,
                FromDate = asked.Get(from)!.Value.ToString(),
                ToDate = asked.Get(to)!.Value.ToString(),
                ReprocessBehavior = asked.Get(behavior) ?? ReprocessBehavior.None,
                RunBackwards = asked.Get(backwards),
                MaxActiveRuns = asked.Get(most),
                DryRun = asked.Get(dryRun),
                RequestId = RequestIds.Of(asked.Get(requestId)),
            });
            if (response.Backfill is not { } backfill)
            {
                asked.Printer.Remark($"{response.PlannedRuns} runs would be made, {response.Skipped} dates passed over");
                asked.Printer.Print(response, ["execution date"], response.LogicalDates.Select(date => (IReadOnlyList<string>)[Markup.Escape(DateText.Short(date))]));
                return ExitCode.Ok;
            }

            asked.Printer.Print(response, $"backfill {backfill.BackfillId} of {backfill.Pipeline}: {response.PlannedRuns} runs, {response.Skipped} dates passed over", backfill.BackfillId);
            return asked.Get(wait) ? await Follow(asked, backfill) : ExitCode.Ok;
        });
    }

    private static async Task<int> Follow(Asked asked, Backfill backfill)
    {
        var now = backfill;
        var runs = await new RunProgress(asked).Follow(
            new ListRunsRequest { Pipeline = backfill.Pipeline, BackfillId = backfill.BackfillId },
            all => [.. all.Where(run => run.BackfillId == backfill.BackfillId)],
            async made =>
            {
                now = await asked.Call<Backfill>("Backfills/Get", new GetBackfillRequest { Pipeline = backfill.Pipeline, BackfillId = backfill.BackfillId });
                return now.State is BackfillState.Completed or BackfillState.Cancelled && made.All(RunRows.HasEnded);
            });
        return now.State is BackfillState.Completed ? runs : ExitCode.Failed;
    }
}
