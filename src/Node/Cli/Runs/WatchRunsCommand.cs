using System.CommandLine;
using Latecomer.Contracts;
using Latecomer.Node.Protocol;
using Spectre.Console;
using TaskState = Latecomer.Node.Protocol.TaskState;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer runs watch</c>.</summary>
internal static class WatchRunsCommand
{
    /// <summary>The command.</summary>
    public static Command Create(ClientOptions client)
    {
        var pipeline = Options.OptionalArgument<PipelineName>(Names.Pipeline, "The pipeline; all of them when not given.");
        var token = ChangeStream.TokenOption();
        return client.Asking(new Command("watch", "Tells what happens to runs, as it happens, until interrupted.") { pipeline, token }, async asked =>
        {
            var stream = new ChangeStream(asked, "Runs/Watch", asked.Get(token) ?? "");
            await stream.Print<WatchRunsResponse>(
                from => new WatchRunsRequest { Pipeline = asked.Get(pipeline)?.Value ?? "", ResumeToken = from },
                response => response.ResumeToken,
                ["time", "pipeline", "execution date", "run id", "what", "task", "state", "message"],
                response => response.Changes.Select(Row));
            return ExitCode.Ok;
        });
    }

    private static IReadOnlyList<string> Row(RunChange change) =>
    [
        RunRows.Time(change.Time),
        Markup.Escape(change.Pipeline),
        DateText.Short(change.LogicalDate),
        Markup.Escape(change.RunId),
        change.Type,
        Markup.Escape(change.TaskId),
        change.TaskState is not TaskState.Unspecified ? $"[{StateColours.Colour(change.TaskState)}]{StateColours.Name(change.TaskState)}[/]" : StateColours.Markup(change.RunState),
        Markup.Escape(change.Message),
    ];
}
