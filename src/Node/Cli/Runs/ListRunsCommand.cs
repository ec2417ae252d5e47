using System.CommandLine;
using Latecomer.Contracts;
using Latecomer.Node.Protocol;
using RunKind = Latecomer.Node.Protocol.RunKind;
using RunState = Latecomer.Node.Protocol.RunState;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer runs list</c>.</summary>
internal static class ListRunsCommand
{
    /// <summary>The command.</summary>
    public static Command Create(ClientOptions client)
    {
        var pipeline = Names.PipelineArgument();
        var from = Options.Parsed<LogicalDate>("--from-date", "Only this execution date and later ones.", Names.Date);
        var to = Options.Parsed<LogicalDate>("--to-date", "Only this execution date and earlier ones.", Names.Date);
        var states = Options.Words<RunState>("--state", "Only those in this state; may be given several times.");
        var kinds = Options.Words<RunKind>("--kind", "Only those of this kind; may be given several times.");
        var backfill = new Option<string?>("--backfill") { Description = "Only those of this backfill.", HelpName = Names.Backfill };
        var watch = WatchOption.Create();
        var command = new Command("list", "Lists the runs of a pipeline by execution date.") { pipeline, from, to, states, kinds, backfill, watch };
        return client.Asking(command, asked =>
        {
            var wanted = new ListRunsRequest
            {
                Pipeline = asked.Get(pipeline).Value,
                FromDate = asked.Get(from)?.ToString() ?? "",
                ToDate = asked.Get(to)?.ToString() ?? "",
                BackfillId = asked.Get(backfill) ?? "",
            };
            wanted.States.AddRange(asked.Get(states));
            wanted.Kinds.AddRange(asked.Get(kinds));
            return asked.Get(watch) ? Of(wanted).Watch(asked, RunChanges.Of(asked, wanted)) : Of(wanted).Print(asked);
        });
    }

    /// <summary>The runs that a request asks for.</summary>
    public static Listing<ListRunsResponse, Run> Of(ListRunsRequest wanted) => new()
    {
        Method = "Runs/List",
        Ask = token => new ListRunsRequest(wanted) { PageToken = token, PageSize = 1000 },
        NextOf = page => page.NextPageToken,
        ItemsOf = page => page.Runs,
        Columns = RunRows.Columns,
        Row = RunRows.Run,
    };
}
