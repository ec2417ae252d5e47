using System.CommandLine;
using Latecomer.Node.Protocol;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer partitions dismiss|approve|release</c>: what a person decides about a partition.</summary>
internal static class LatenessCommands
{
    /// <summary>Lateness that needs no run.</summary>
    public static Command Dismiss(ClientOptions client)
    {
        var (pipeline, date, reason) = (Names.PipelineArgument(), Names.DateArgument(), Reason());
        var (requestId, confirmation) = (RequestIds.Option(), new Confirmation());
        var command = confirmation.On(new Command("dismiss", "Says that what makes a partition late needs no run: it is not late until data arrives again.") { pipeline, date, reason, requestId });
        return client.Asking(command, async asked =>
        {
            var (name, when) = (asked.Get(pipeline).Value, asked.Get(date).ToString());
            await confirmation.Ask(asked.Parsed, async () => $"{await State(asked, name, when)}. Dismiss that?", asked.Cancellation);
            return Print(asked, await asked.Call<Partition>("Partitions/Dismiss", new DismissPartitionRequest
            {
                Pipeline = name,
                LogicalDate = when,
                Reason = asked.Get(reason) ?? "",
                RequestId = RequestIds.Of(asked.Get(requestId)),
            }));
        });
    }

    /// <summary>Another claim.</summary>
    public static Command Approve(ClientOptions client)
    {
        var (pipeline, date, requestId) = (Names.PipelineArgument(), Names.DateArgument(), RequestIds.Option());
        var command = new Command("approve", "Lets a late partition be claimed again whose claims failed too often.") { pipeline, date, requestId };
        return client.Asking(command, async asked => Print(asked, await asked.Call<Partition>("Partitions/Approve", new ApprovePartitionRequest
        {
            Pipeline = asked.Get(pipeline).Value,
            LogicalDate = asked.Get(date).ToString(),
            RequestId = RequestIds.Of(asked.Get(requestId)),
        })));
    }

    /// <summary>A holder that died.</summary>
    public static Command Release(ClientOptions client)
    {
        var (pipeline, date, run, reason) = (Names.PipelineArgument(), Names.DateArgument(), MarkCommands.RunOption(), Reason());
        run.Description = "The run that is to lose it, so that nobody else does.";
        var (requestId, confirmation) = (RequestIds.Option(), new Confirmation());
        var command = confirmation.On(new Command("release", "Frees a partition whose holder died: a run that is not ours. It counts as failed.") { pipeline, date, run, reason, requestId });
        return client.Asking(command, async asked =>
        {
            var (name, when) = (asked.Get(pipeline).Value, asked.Get(date).ToString());
            await confirmation.Ask(asked.Parsed, async () => $"{await State(asked, name, when)}. Take it from {asked.Get(run)}?", asked.Cancellation);
            return Print(asked, await asked.Call<Partition>("Partitions/Release", new ReleasePartitionRequest
            {
                Pipeline = name,
                LogicalDate = when,
                RunId = asked.Get(run)!,
                Reason = asked.Get(reason) ?? "",
                RequestId = RequestIds.Of(asked.Get(requestId)),
            }));
        });
    }

    private static Option<string?> Reason() => new("--reason") { Description = "Why, for those who look later.", HelpName = "text" };

    private static async Task<string> State(Asked asked, string pipeline, string date) =>
        PartitionRows.Sentence(await asked.Call<Partition>("Partitions/Get", new GetPartitionRequest { Pipeline = pipeline, LogicalDate = date }));

    private static int Print(Asked asked, Partition partition)
    {
        asked.Printer.Print(partition, PartitionRows.Sentence(partition));
        return ExitCode.Ok;
    }
}
