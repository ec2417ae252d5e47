using System.CommandLine;
using Latecomer.Node.Protocol;
using Spectre.Console;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer partitions</c>.</summary>
internal static class PartitionsCommand
{
    /// <summary>The command.</summary>
    public static Command Create(ClientOptions client) => client.On(new Command("partitions", "Lists the partitions of pipelines, tells why they are as they are, marks and frees them.")
    {
        ListPartitionsCommand.Create(client),
        Get(client),
        ExplainCommand.Create(client),
        Watch(client),
        MarkCommands.Processing(client),
        MarkCommands.Processed(client),
        LatenessCommands.Dismiss(client),
        LatenessCommands.Approve(client),
        LatenessCommands.Release(client),
    });

    /// <summary>All partitions of a pipeline, or all late ones.</summary>
    public static Task<ListPartitionsResponse> ReadAll(Http.IApi client, string pipeline, bool late, CancellationToken cancellation) => AllPages.Read(
        token => client.Call<ListPartitionsResponse>(
            "Partitions/List", new ListPartitionsRequest { Pipeline = pipeline, Late = late, PageToken = token, PageSize = 1000 }, cancellation),
        page => page.NextPageToken);

    private static Command Get(ClientOptions client)
    {
        var (pipeline, date) = (Names.PipelineArgument(), Names.DateArgument());
        return client.Asking(new Command("get", "Shows a partition with what is known of it in each input.") { pipeline, date }, async asked =>
        {
            var found = await asked.Call<Partition>("Partitions/Get", new GetPartitionRequest { Pipeline = asked.Get(pipeline).Value, LogicalDate = asked.Get(date).ToString() });
            asked.Printer.Remark(PartitionRows.Sentence(found));
            asked.Printer.Print(found, ["table", "files", "changed at", "when", "late rows"], found.Inputs.Select(i => (IReadOnlyList<string>)
            [
                Markup.Escape(i.Table), $"{i.ActiveFiles}", i.ChangeTime is null ? "" : $"{i.ChangeVersion}", RunRows.Time(i.ChangeTime), $"{i.RowsSinceProcessed}",
            ]));
            return ExitCode.Ok;
        });
    }

    private static Command Watch(ClientOptions client)
    {
        var pipeline = Options.OptionalArgument<Contracts.PipelineName>(Names.Pipeline, "The pipeline; all of them when not given.");
        var token = ChangeStream.TokenOption();
        return client.Asking(new Command("watch", "Tells what happens to partitions, as it happens, until interrupted.") { pipeline, token }, async asked =>
        {
            var stream = new ChangeStream(asked, "Partitions/Watch", asked.Get(token) ?? "");
            await stream.Print<WatchPartitionsResponse>(
                from => new WatchPartitionsRequest { Pipeline = asked.Get(pipeline)?.Value ?? "", ResumeToken = from },
                response => response.ResumeToken,
                ["time", "pipeline", "execution date", "what", "run id", "detail"],
                response => response.Changes.Select(c => (IReadOnlyList<string>)
                [
                    RunRows.Time(c.Time), Markup.Escape(c.Pipeline), DateText.Short(c.LogicalDate), c.Type, Markup.Escape(c.RunId), Markup.Escape(c.Detail),
                ]));
            return ExitCode.Ok;
        });
    }
}
