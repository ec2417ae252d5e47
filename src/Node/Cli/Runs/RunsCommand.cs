using System.CommandLine;
using Latecomer.Node.Protocol;
using Spectre.Console;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer runs</c>.</summary>
internal static class RunsCommand
{
    /// <summary>The command.</summary>
    public static Command Create(ClientOptions client) => client.On(new Command("runs", "Lists, triggers, clears, cancels and follows runs.")
    {
        ListRunsCommand.Create(client), Get(client), TriggerCommand.Create(client), ClearCommand.Create(client), Cancel(client), WatchRunsCommand.Create(client), WaitCommand.Create(client),
    });

    /// <summary>All runs of a pipeline.</summary>
    public static Task<ListRunsResponse> ReadAll(Http.IApi client, string pipeline, CancellationToken cancellation) => AllPages.Read(
        token => client.Call<ListRunsResponse>("Runs/List", new ListRunsRequest { Pipeline = pipeline, PageToken = token, PageSize = 1000 }, cancellation),
        page => page.NextPageToken);

    private static Command Get(ClientOptions client)
    {
        var (pipeline, date, run) = (Names.PipelineArgument(), Names.DateArgument(), Names.RunOption());
        var tries = new Option<bool>("--tries") { Description = "All tries of its tasks, those before the last ones too." };
        return client.Asking(new Command("get", "Shows a run with its tasks.") { pipeline, date, run, tries }, async asked =>
        {
            var (name, when, id) = (asked.Get(pipeline).Value, asked.Get(date).ToString(), asked.Get(run)?.Value ?? "");
            if (asked.Get(tries))
            {
                var all = await asked.All<ListTriesResponse>(
                    "Runs/ListTries", token => new ListTriesRequest { Pipeline = name, LogicalDate = when, RunId = id, PageToken = token, PageSize = 1000 }, page => page.NextPageToken);
                asked.Printer.Print(all, RunRows.TaskColumns, all.Tries.Select(RunRows.Task));
                return ExitCode.Ok;
            }

            var found = await asked.Call<Run>("Runs/Get", new GetRunRequest { Pipeline = name, LogicalDate = when, RunId = id });
            asked.Printer.Remark($"{found.RunId} of {found.Pipeline}, {DateText.Short(found.LogicalDate)}: {Markup.Remove(StateColours.Markup(found.State))}{PinOf(found)}{HoldOf(found)}");
            asked.Printer.Print(found, RunRows.TaskColumns, found.Tasks.Select(RunRows.Task));
            return ExitCode.Ok;
        });
    }

    private static string PinOf(Run run) => run.Pin.Count == 0 ? "" : $", pinned at {RunRows.Pin(run.Pin)}";

    private static string HoldOf(Run run) => run.HoldNumber == 0 ? "" : $", hold {run.HoldNumber}";

    private static Command Cancel(ClientOptions client)
    {
        var (pipeline, date, run) = (Names.PipelineArgument(), Names.DateArgument(), Names.RunOption());
        var (requestId, confirmation) = (RequestIds.Option(), new Confirmation());
        var command = confirmation.On(new Command("cancel", "Stops a run; it ends cancelled, and can be cleared again.") { pipeline, date, run, requestId });
        return client.Asking(command, async asked =>
        {
            var (name, when, id) = (asked.Get(pipeline).Value, asked.Get(date).ToString(), asked.Get(run)?.Value ?? "");
            await confirmation.Ask(asked.Parsed, async () =>
            {
                var found = await asked.Call<Run>("Runs/Get", new GetRunRequest { Pipeline = name, LogicalDate = when, RunId = id });
                var (done, all) = (found.Tasks.Count(RunRows.IsDone), found.Tasks.Count);
                return $"{found.RunId} of {name} is {Markup.Remove(StateColours.Markup(found.State))}, {done} of {all} tasks done. Cancel it?";
            }, asked.Cancellation);
            var cancelled = await asked.Call<Run>(
                "Runs/Cancel", new CancelRunRequest { Pipeline = name, LogicalDate = when, RunId = id, RequestId = RequestIds.Of(asked.Get(requestId)) });
            asked.Printer.Print(cancelled, $"{cancelled.RunId} cancelled", cancelled.RunId);
            return ExitCode.Ok;
        });
    }
}
