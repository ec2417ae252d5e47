using System.CommandLine;
using Latecomer.Contracts;
using Latecomer.Node.Protocol;
using Spectre.Console;
using RunState = Latecomer.Node.Protocol.RunState;
using TaskState = Latecomer.Node.Protocol.TaskState;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer runs</c>.</summary>
internal static class RunsCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var client = new ClientOptions();
        return client.On(new Command("runs", "Lists, clears and triggers runs.") { List(client), ClearCommand.Create(client), Trigger(client) });
    }

    /// <summary>All runs of a pipeline.</summary>
    public static Task<ListRunsResponse> ReadAll(Http.IApi client, string pipeline, CancellationToken cancellation) => AllPages.Read(
        token => client.Call<ListRunsResponse>("Runs/List", new ListRunsRequest { Pipeline = pipeline, PageToken = token, PageSize = 1000 }, cancellation),
        page => page.NextPageToken);

    private static Command List(ClientOptions options)
    {
        var pipeline = Options.Argument<PipelineName>("PIPELINE", "The pipeline.");
        var command = new Command("list", "Lists the runs of a pipeline by execution date.") { pipeline };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = options.Client(parsed);
            var all = await ReadAll(client, parsed.GetValue(pipeline).Value, cancellation);
            options.Printer(parsed).Print(all, ["execution date", "run id", "state", "tasks", "pin", "now"], all.Runs.Select(Row));
            return ExitCode.Ok;
        });
        return command;
    }

    private static IReadOnlyList<string> Row(Run run)
    {
        var done = run.Tasks.Count(t => t.State is TaskState.Success or TaskState.Skipped);
        var current = run.State is RunState.Success or RunState.Queued ? null : run.Tasks.FirstOrDefault(t => t.State is not (TaskState.Success or TaskState.Skipped));
        var now = current is null ? "" : $"{current.TaskId} {StateColours.Name(current.State)}{(current.Message.Length > 0 ? $": {current.Message}" : "")}";
        return
        [
            DateText.Short(run.LogicalDate), Markup.Escape(run.RunId), StateColours.Markup(run.State), $"{done}/{run.Tasks.Count}",
            Markup.Escape(string.Join(",", run.Pin.Select(p => $"{p.Table}@{p.Version}"))), Markup.Escape(now),
        ];
    }

    private static Command Trigger(ClientOptions options)
    {
        var pipeline = Options.Argument<PipelineName>("PIPELINE", "The pipeline.");
        var date = Options.Argument<LogicalDate>("DATE", "The execution date.");
        var requestId = RequestIds.Option();
        var command = new Command("trigger", "Makes a run for an execution date; it waits for nobody's past.") { pipeline, date, requestId };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = options.Client(parsed);
            var response = await client.Call<TriggerRunResponse>(
                "Runs/Trigger",
                new TriggerRunRequest
                {
                    Pipeline = parsed.GetValue(pipeline).Value,
                    LogicalDate = parsed.GetValue(date).ToString(),
                    RequestId = RequestIds.Of(parsed.GetValue(requestId)),
                },
                cancellation);
            options.Printer(parsed).Print(response, response.RunId);
            return ExitCode.Ok;
        });
        return command;
    }
}
