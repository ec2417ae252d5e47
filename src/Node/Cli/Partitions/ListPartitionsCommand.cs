using System.CommandLine;
using Latecomer.Contracts;
using Latecomer.Node.Protocol;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer partitions list</c>.</summary>
internal static class ListPartitionsCommand
{
    /// <summary>The command.</summary>
    public static Command Create(ClientOptions client)
    {
        var pipeline = Names.PipelineArgument();
        var late = new Option<bool>("--late") { Description = "Only those with data that arrived after they were processed." };
        var held = new Option<bool>("--held") { Description = "Only those that a run holds." };
        var claimed = new Option<bool>("--claimed") { Description = "Only those that a claim covers." };
        var needsApproval = new Option<bool>("--needs-approval") { Description = "Only those that a person has to approve." };
        var from = Options.Parsed<LogicalDate>("--from-date", "Only this execution date and later ones.", Names.Date);
        var to = Options.Parsed<LogicalDate>("--to-date", "Only this execution date and earlier ones.", Names.Date);
        var watch = WatchOption.Create();
        var command = new Command("list", "Lists the partitions of a pipeline by execution date.") { pipeline, late, held, claimed, needsApproval, from, to, watch };
        return client.Asking(command, asked =>
        {
            var wanted = new ListPartitionsRequest
            {
                Pipeline = asked.Get(pipeline).Value,
                Late = asked.Get(late),
                Held = asked.Get(held),
                Claimed = asked.Get(claimed),
                NeedsApproval = asked.Get(needsApproval),
                FromDate = asked.Get(from)?.ToString() ?? "",
                ToDate = asked.Get(to)?.ToString() ?? "",
            };
            return asked.Get(watch) ? Of(wanted).Watch(asked, PartitionChanges.Of(asked, wanted)) : Of(wanted).Print(asked);
        });
    }

    /// <summary>The partitions that a request asks for.</summary>
    public static Listing<ListPartitionsResponse, Partition> Of(ListPartitionsRequest wanted) => new()
    {
        Method = "Partitions/List",
        Ask = token => new ListPartitionsRequest(wanted) { PageToken = token, PageSize = 1000 },
        NextOf = page => page.NextPageToken,
        ItemsOf = page => page.Partitions,
        Columns = PartitionRows.Columns,
        Row = PartitionRows.Of,
    };
}
