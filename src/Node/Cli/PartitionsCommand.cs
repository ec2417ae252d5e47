using System.CommandLine;
using Latecomer.Contracts;
using Latecomer.Node.Protocol;
using Spectre.Console;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer partitions</c>.</summary>
internal static class PartitionsCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var client = new ClientOptions();
        return client.On(new Command("partitions", "Lists the partitions of pipelines.") { List(client) });
    }

    /// <summary>All partitions of a pipeline, or all late ones.</summary>
    public static Task<ListPartitionsResponse> ReadAll(Http.IApi client, string pipeline, bool late, CancellationToken cancellation) => AllPages.Read(
        token => client.Call<ListPartitionsResponse>(
            "Partitions/List", new ListPartitionsRequest { Pipeline = pipeline, Late = late, PageToken = token, PageSize = 1000 }, cancellation),
        page => page.NextPageToken);

    private static Command List(ClientOptions options)
    {
        var pipeline = Options.Argument<PipelineName>("PIPELINE", "The pipeline.");
        var late = new Option<bool>("--late") { Description = "Only those with data that arrived after they were processed." };
        var command = new Command("list", "Lists the partitions of a pipeline by execution date.") { pipeline, late };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = options.Client(parsed);
            var all = await ReadAll(client, parsed.GetValue(pipeline).Value, parsed.GetValue(late), cancellation);
            options.Printer(parsed).Print(
                all, ["execution date", "late", "processed at", "changed at", "late rows", "held by", "claim"], all.Partitions.Select(Row));
            return ExitCode.Ok;
        });
        return command;
    }

    private static IReadOnlyList<string> Row(Partition partition) =>
    [
        DateText.Short(partition.LogicalDate),
        partition.Late ? "[yellow]late[/]" : "",
        Markup.Escape(string.Join(",", partition.LastProcessed.Select(p => $"{p.Table}@{p.Version}"))),
        Markup.Escape(string.Join(",", partition.Inputs.Where(i => i.ChangeTime is not null).Select(i => $"{i.Table}@{i.ChangeVersion}"))),
        partition.Late ? $"{partition.Inputs.Sum(i => i.RowsSinceProcessed)}" : "",
        Markup.Escape(partition.HeldBy),
        Markup.Escape(partition.ClaimId),
    ];
}
