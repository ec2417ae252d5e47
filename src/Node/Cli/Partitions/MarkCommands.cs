using System.CommandLine;
using Latecomer.Contracts;
using Latecomer.Node.Protocol;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer partitions mark-as-processing</c> and <c>mark-as-processed</c>: what the jobs of a run that is not ours call.</summary>
internal static class MarkCommands
{
    /// <summary>The option for the caller's run.</summary>
    public static Option<string> RunOption() => new("--run") { Description = "The run that asks, by its own id.", HelpName = Names.Run, Required = true };

    /// <summary>The option for the caller's try.</summary>
    public static Option<int> TryOption() => Options.Number("--try", "Which try of the task this is: the same try gets the same answer.", 1, 1, int.MaxValue);

    /// <summary>The first.</summary>
    public static Command Processing(ClientOptions client)
    {
        var (pipeline, date, run, tryNumber, requestId) = (Names.PipelineArgument(), Names.DateArgument(), RunOption(), TryOption(), RequestIds.Option());
        var command = new Command("mark-as-processing", "Takes a partition for a run that is not ours, and pins the versions of the inputs.") { pipeline, date, run, tryNumber, requestId };
        return client.Asking(command, async asked =>
        {
            var response = await asked.Call<MarkAsProcessingResponse>("Partitions/MarkAsProcessing", new MarkAsProcessingRequest
            {
                Pipeline = asked.Get(pipeline).Value,
                LogicalDate = asked.Get(date).ToString(),
                RunId = asked.Get(run)!,
                TryNumber = asked.Get(tryNumber),
                RequestId = RequestIds.Of(asked.Get(requestId)),
            });
            var pin = RunRows.Pin(response.Pin);
            asked.Printer.Print(response, $"{Text(asked, pipeline, date)} is held by {asked.Get(run)}: pinned at {pin}, hold {response.HoldNumber}{(response.Backfill ? ", a backfill" : "")}", pin, $"{response.HoldNumber}");
            return ExitCode.Ok;
        });
    }

    /// <summary>The second.</summary>
    public static Command Processed(ClientOptions client)
    {
        var (pipeline, date, run, requestId) = (Names.PipelineArgument(), Names.DateArgument(), RunOption(), RequestIds.Option());
        var command = new Command("mark-as-processed", "Says that such a run has processed what it pinned, and frees the partition.") { pipeline, date, run, requestId };
        return client.Asking(command, async asked =>
        {
            var response = await asked.Call<MarkAsProcessedResponse>("Partitions/MarkAsProcessed", new MarkAsProcessedRequest
            {
                Pipeline = asked.Get(pipeline).Value,
                LogicalDate = asked.Get(date).ToString(),
                RunId = asked.Get(run)!,
                RequestId = RequestIds.Of(asked.Get(requestId)),
            });
            var pin = RunRows.Pin(response.Pin);
            asked.Printer.Print(response, $"{Text(asked, pipeline, date)} is processed at {pin}{(response.Late ? ", and late already" : "")}", pin, response.Late ? "late" : "");
            return ExitCode.Ok;
        });
    }

    private static string Text(Asked asked, Argument<PipelineName> pipeline, Argument<LogicalDate> date) => $"{asked.Get(pipeline)} {DateText.Short(asked.Get(date).ToString())}";
}
