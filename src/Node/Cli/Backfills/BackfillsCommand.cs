using System.CommandLine;
using Google.Protobuf;
using Latecomer.Node.Protocol;
using Spectre.Console;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer backfills</c>.</summary>
internal static class BackfillsCommand
{
    private static readonly IReadOnlyList<string> Columns = ["backfill", "state", "from", "to", "reprocess", "runs", "succeeded", "failed", "skipped", "created"];

    /// <summary>The command.</summary>
    public static Command Create(ClientOptions client)
    {
        return client.On(new Command("backfills", "Runs ranges of execution dates again, and claims late ones for runs that are not ours.")
        {
            CreateBackfillCommand.Create(client),
            CreateFromLate(client),
            List(client),
            Get(client),
            Change(client, "pause", "Makes no more runs of a backfill until it goes on; those that were made go on.", (p, b, r) => new PauseBackfillRequest { Pipeline = p, BackfillId = b, RequestId = r }),
            Change(client, "unpause", "Lets a paused backfill go on.", (p, b, r) => new UnpauseBackfillRequest { Pipeline = p, BackfillId = b, RequestId = r }),
            Cancel(client),
        });
    }

    /// <summary>A backfill in a sentence.</summary>
    public static string Sentence(Backfill backfill) =>
        $"backfill {backfill.BackfillId} of {backfill.Pipeline}, {DateText.Short(backfill.FromDate)} to {DateText.Short(backfill.ToDate)}: {Word(backfill.State)}, "
        + $"{backfill.CreatedRuns} of {backfill.PlannedRuns} runs made, {backfill.SucceededRuns} succeeded, {backfill.FailedRuns} failed";

    private static Argument<string> Id() => new(Names.Backfill) { Description = "The backfill, by its id." };

    private static Command List(ClientOptions client)
    {
        var pipeline = Names.PipelineArgument();
        var active = new Option<bool>("--active") { Description = "Only those that have not ended." };
        var watch = WatchOption.Create();
        return client.Asking(new Command("list", "Lists the backfills of a pipeline, newest first.") { pipeline, active, watch }, asked => new Listing<ListBackfillsResponse, Backfill>
        {
            Method = "Backfills/List",
            Ask = token => new ListBackfillsRequest { Pipeline = asked.Get(pipeline).Value, Active = asked.Get(active), PageToken = token, PageSize = 1000 },
            NextOf = page => page.NextPageToken,
            ItemsOf = page => page.Backfills,
            Columns = Columns,
            Row = Row,
        }.Print(asked, asked.Get(watch)));
    }

    private static Command Get(ClientOptions client)
    {
        var (pipeline, id) = (Names.PipelineArgument(), Id());
        return client.Asking(new Command("get", "Shows a backfill.") { pipeline, id }, async asked =>
        {
            var found = await asked.Call<Backfill>("Backfills/Get", new GetBackfillRequest { Pipeline = asked.Get(pipeline).Value, BackfillId = asked.Get(id) });
            asked.Printer.Print(found, Columns, [Row(found)]);
            return ExitCode.Ok;
        });
    }

    private static Command Change(ClientOptions client, string name, string description, Func<string, string, string, IMessage> request)
    {
        var (pipeline, id, requestId) = (Names.PipelineArgument(), Id(), RequestIds.Option());
        var method = $"Backfills/{char.ToUpperInvariant(name[0])}{name[1..]}";
        return client.Asking(new Command(name, description) { pipeline, id, requestId }, async asked =>
            Print(asked, await asked.Call<Backfill>(method, request(asked.Get(pipeline).Value, asked.Get(id), RequestIds.Of(asked.Get(requestId))))));
    }

    private static Command Cancel(ClientOptions client)
    {
        var (pipeline, id) = (Names.PipelineArgument(), Id());
        var (requestId, confirmation) = (RequestIds.Option(), new Confirmation());
        var command = confirmation.On(new Command("cancel", "Makes no more runs of a backfill, and cancels those that have not ended.") { pipeline, id, requestId });
        return client.Asking(command, async asked =>
        {
            var (name, backfill) = (asked.Get(pipeline).Value, asked.Get(id));
            await confirmation.Ask(
                asked.Parsed,
                async () => $"{Sentence(await asked.Call<Backfill>("Backfills/Get", new GetBackfillRequest { Pipeline = name, BackfillId = backfill }))}. Cancel it?",
                asked.Cancellation);
            return Print(asked, await asked.Call<Backfill>(
                "Backfills/Cancel", new CancelBackfillRequest { Pipeline = name, BackfillId = backfill, RequestId = RequestIds.Of(asked.Get(requestId)) }));
        });
    }

    private static Command CreateFromLate(ClientOptions client)
    {
        var (pipeline, date) = (Names.PipelineArgument(), Names.DateArgument());
        var (run, tryNumber, requestId) = (MarkCommands.RunOption(), MarkCommands.TryOption(), RequestIds.Option());
        var command = new Command("create-from-late", "Claims the late partitions before a date for a run that is not ours, and writes the configuration file of that date.") { pipeline, date, run, tryNumber, requestId };
        return client.Asking(command, async asked =>
        {
            var response = await asked.Call<CreateFromLateResponse>("Backfills/CreateFromLate", new CreateFromLateRequest
            {
                Pipeline = asked.Get(pipeline).Value,
                LogicalDate = asked.Get(date).ToString(),
                RunId = asked.Get(run)!,
                TryNumber = asked.Get(tryNumber),
                RequestId = RequestIds.Of(asked.Get(requestId)),
            });
            asked.Printer.Remark($"{response.Partitions.Count} partitions claimed{(response.ClaimId.Length > 0 ? $" by {response.ClaimId}" : "")}, written to {response.File}");
            asked.Printer.Print(response, ["execution date", "run id", "partition"], response.Partitions.Select(p => (IReadOnlyList<string>)
            [
                DateText.Short(p.LogicalDate), Markup.Escape(p.RunId), Markup.Escape(p.Partition),
            ]));
            return ExitCode.Ok;
        });
    }

    private static int Print(Asked asked, Backfill backfill)
    {
        asked.Printer.Print(backfill, Sentence(backfill), backfill.BackfillId, Word(backfill.State));
        return ExitCode.Ok;
    }

    private static string Word(BackfillState state) => $"{state}".ToLowerInvariant();

    private static IReadOnlyList<string> Row(Backfill b) =>
    [
        Markup.Escape(b.BackfillId),
        b.State is BackfillState.Paused or BackfillState.Cancelled ? $"[yellow]{Word(b.State)}[/]" : b.State is BackfillState.Running ? "[lime]running[/]" : b.FailedRuns > 0 ? "[red]completed[/]" : $"[green]{Word(b.State)}[/]",
        DateText.Short(b.FromDate),
        DateText.Short(b.ToDate),
        $"{b.ReprocessBehavior}".ToLowerInvariant(),
        $"{b.CreatedRuns}/{b.PlannedRuns}",
        $"{b.SucceededRuns}",
        $"{b.FailedRuns}",
        $"{b.Skipped}",
        RunRows.Time(b.CreateTime),
    ];
}
