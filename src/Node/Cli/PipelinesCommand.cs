using System.CommandLine;
using Latecomer.Node.Grpc;
using Latecomer.Node.Pipelines;
using Latecomer.Node.Protocol;
using Spectre.Console;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer pipelines</c>.</summary>
internal static class PipelinesCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var client = new ClientOptions();
        return client.On(new Command("pipelines", "Applies and lists pipelines.") { Apply(client), List(client) });
    }

    private static Command Apply(ClientOptions options)
    {
        var file = new Argument<string>("FILE") { Description = "The pipeline, as YAML; see examples/." };
        var requestId = RequestIds.Option();
        var command = new Command("apply", "Creates a pipeline, or changes it to what the file says.") { file, requestId };
        command.SetAction(async (parsed, cancellation) =>
        {
            var definition = PipelineFile.Read(parsed.GetValue(file)!);
            using var client = options.Client(parsed);
            var response = await client.Call<ApplyPipelineResponse>(
                "Pipelines/Apply",
                new ApplyPipelineRequest { Pipeline = definition.ToWire(), RequestId = RequestIds.Of(parsed.GetValue(requestId)) },
                cancellation);
            options.Printer(parsed).Print(response, $"pipeline {definition.Name} {(response.Changed ? "applied" : "unchanged")}");
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command List(ClientOptions options)
    {
        var command = new Command("list", "Lists the pipelines.");
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = options.Client(parsed);
            var all = await AllPages.Read(
                token => client.Call<ListPipelinesResponse>("Pipelines/List", new ListPipelinesRequest { PageToken = token }, cancellation),
                page => page.NextPageToken);
            options.Printer(parsed).Print(
                all,
                ["name", "schedule", "start", "end", "tables", "work", "max active"],
                all.Pipelines.Select(p => (IReadOnlyList<string>)
                [
                    Markup.Escape(p.Name), p.Schedule, DateText.Short(p.Start), DateText.Short(p.End),
                    Markup.Escape(string.Join(",", p.Inputs.Select(i => i.Table))), Markup.Escape(p.Work.TaskId), $"{p.MaxActiveRuns}",
                ]));
            return ExitCode.Ok;
        });
        return command;
    }
}
