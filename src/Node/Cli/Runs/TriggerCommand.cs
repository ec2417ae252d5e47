using System.CommandLine;
using Latecomer.Node.Protocol;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer runs trigger</c>.</summary>
internal static class TriggerCommand
{
    /// <summary>The command.</summary>
    public static Command Create(ClientOptions client)
    {
        var (pipeline, date) = (Names.PipelineArgument(), Names.DateArgument());
        var (requestId, wait) = (RequestIds.Option(), RunProgress.WaitOption());
        var command = new Command("trigger", "Makes a run for an execution date; it waits for nobody's past.") { pipeline, date, requestId, wait };
        return client.Asking(command, async asked =>
        {
            var name = asked.Get(pipeline).Value;
            var response = await asked.Call<TriggerRunResponse>(
                "Runs/Trigger",
                new TriggerRunRequest { Pipeline = name, LogicalDate = asked.Get(date).ToString(), RequestId = RequestIds.Of(asked.Get(requestId)) });
            asked.Printer.Print(response, response.RunId);
            if (!asked.Get(wait))
            {
                return ExitCode.Ok;
            }

            var wanted = new ListRunsRequest { Pipeline = name, FromDate = response.LogicalDate, ToDate = response.LogicalDate };
            return await new RunProgress(asked).Follow(wanted, runs => [.. runs.Where(run => run.RunId == response.RunId)], runs => runs is [var run] && RunRows.HasEnded(run));
        });
    }
}
