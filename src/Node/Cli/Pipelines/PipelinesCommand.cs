using System.CommandLine;
using Latecomer.Contracts;
using Latecomer.Node.Grpc;
using Latecomer.Node.Pipelines;
using Latecomer.Node.Protocol;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer pipelines</c>.</summary>
internal static class PipelinesCommand
{
    /// <summary>The command.</summary>
    public static Command Create(ClientOptions client) => client.On(new Command("pipelines", "Applies, lists, pauses and removes pipelines.")
    {
        Apply(client),
        Get(client),
        List(client),
        Pausing(client, "pause", "Stops making scheduled runs and granting slots; what works goes on to its end.", (name, requestId) => new PausePipelineRequest { Name = name, RequestId = requestId }),
        Pausing(client, "unpause", "Ends a pause; scheduled runs that became due meanwhile are made.", (name, requestId) => new UnpausePipelineRequest { Name = name, RequestId = requestId }),
        Delete(client),
        AdoptCommand.Create(client),
    });

    private static Command Apply(ClientOptions client)
    {
        var file = new Argument<string>(Names.File) { Description = "The pipeline, as YAML; see examples/." };
        var paused = new Option<bool>("--paused") { Description = "A new pipeline begins paused, so that no run is made yet; means nothing for one that is there." };
        var requestId = RequestIds.Option();
        return client.Asking(new Command("apply", "Creates a pipeline, or changes it to what the file says.") { file, paused, requestId }, async asked =>
        {
            var definition = PipelineFile.Read(asked.Get(file));
            var response = await asked.Call<ApplyPipelineResponse>(
                "Pipelines/Apply", new ApplyPipelineRequest { Pipeline = definition.ToWire(), Paused = asked.Get(paused), RequestId = RequestIds.Of(asked.Get(requestId)) });
            var word = response.Changed ? "applied" : "unchanged";
            asked.Printer.Print(response, $"pipeline {definition.Name} {word}", $"{definition.Name}", word);
            return ExitCode.Ok;
        });
    }

    private static Command Get(ClientOptions client)
    {
        var pipeline = Names.PipelineArgument();
        return client.Asking(new Command("get", "Shows a pipeline and how it stands.") { pipeline }, async asked =>
        {
            var status = await asked.Call<PipelineStatus>("Pipelines/Get", new GetPipelineRequest { Name = asked.Get(pipeline).Value });
            asked.Printer.Print(status, PipelineRows.StatusColumns, [PipelineRows.Status(status)]);
            return ExitCode.Ok;
        });
    }

    private static Command List(ClientOptions client)
    {
        var watch = WatchOption.Create();
        return client.Asking(new Command("list", "Lists the pipelines.") { watch }, asked => new Listing<ListPipelinesResponse, PipelineStatus>
        {
            Method = "Pipelines/List",
            Ask = token => new ListPipelinesRequest { PageToken = token },
            NextOf = page => page.NextPageToken,
            ItemsOf = PipelineRows.ItemsOf,
            Columns = PipelineRows.Columns,
            Row = PipelineRows.Of,
        }.Print(asked, asked.Get(watch)));
    }

    private static Command Pausing(ClientOptions client, string name, string description, Func<string, string, Google.Protobuf.IMessage> request)
    {
        var (pipeline, requestId) = (Names.PipelineArgument(), RequestIds.Option());
        var method = $"Pipelines/{char.ToUpperInvariant(name[0])}{name[1..]}";
        return client.Asking(new Command(name, description) { pipeline, requestId }, async asked =>
        {
            var status = await asked.Call<PipelineStatus>(method, request(asked.Get(pipeline).Value, RequestIds.Of(asked.Get(requestId))));
            var word = status.Paused ? "paused" : "active";
            asked.Printer.Print(status, $"pipeline {asked.Get(pipeline)} is {word}, {status.ActiveRuns} runs work, {status.QueuedRuns} wait", $"{asked.Get(pipeline)}", word);
            return ExitCode.Ok;
        });
    }

    private static Command Delete(ClientOptions client)
    {
        var (pipeline, requestId, confirmation) = (Names.PipelineArgument(), RequestIds.Option(), new Confirmation());
        var command = confirmation.On(new Command("delete", "Removes a paused pipeline with its runs and partitions; its tables and files stay.") { pipeline, requestId });
        return client.Asking(command, async asked =>
        {
            var name = asked.Get(pipeline);
            await confirmation.Ask(asked.Parsed, () => Question(asked, name), asked.Cancellation);
            var response = await asked.Call<DeletePipelineResponse>("Pipelines/Delete", new DeletePipelineRequest { Name = name.Value, RequestId = RequestIds.Of(asked.Get(requestId)) });
            asked.Printer.Print(response, $"pipeline {name} deleted");
            return ExitCode.Ok;
        });
    }

    private static async Task<string> Question(Asked asked, PipelineName pipeline)
    {
        var (runs, partitions) = ((await RunsCommand.ReadAll(asked.Api, pipeline.Value, asked.Cancellation)).Runs.Count, await PartitionsCommand.ReadAll(asked.Api, pipeline.Value, late: false, asked.Cancellation));
        return $"Pipeline {pipeline} has {runs} runs, and {partitions.Partitions.Count} partitions of which {partitions.Partitions.Count(p => p.Late)} are late. Forget all that?";
    }
}
