using System.CommandLine;
using System.Globalization;
using Latecomer.Contracts;
using Latecomer.Node.Protocol;
using TablePin = Latecomer.Node.Protocol.TablePin;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer pipelines adopt</c>: what was processed elsewhere counts from now on.</summary>
internal static class AdoptCommand
{
    /// <summary>The command.</summary>
    public static Command Create(ClientOptions client)
    {
        var pipeline = Names.PipelineArgument();
        var through = Options.Parsed<LogicalDate>("--processed-through", "All dates up to this one were processed.", Names.Date);
        var versions = new Option<string[]>("--at-version") { Description = "At this version of the input; TABLE=VERSION for each where there are several.", HelpName = "version" };
        var table = new Option<string?>("--from-state-table") { Description = "Which dates were processed at which version, as the table of states says that the seed's job wrote.", HelpName = Names.Table };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would be taken over." };
        var (requestId, confirmation) = (RequestIds.Option(), new Confirmation());
        var command = confirmation.On(new Command("adopt", "Takes over what was processed elsewhere: those dates count as processed, and what changed after is late.")
        {
            pipeline, through, versions, table, dryRun, requestId,
        });
        command.Validators.Add(result =>
        {
            if (result.GetResult(through) is null == result.GetResult(table) is null)
            {
                result.AddError("Say what was processed: --processed-through with --at-version, or --from-state-table.");
            }
            else if (result.GetResult(through) is null != result.GetResult(versions) is null)
            {
                result.AddError("--processed-through and --at-version go together.");
            }
        });
        return client.Asking(command, async asked =>
        {
            var request = new AdoptPipelineRequest { Name = asked.Get(pipeline).Value, DryRun = asked.Get(dryRun), RequestId = RequestIds.Of(asked.Get(requestId)) };
            if (asked.Get(through) is { } date)
            {
                request.ProcessedThrough = new AdoptProcessedThrough { LogicalDate = date.ToString() };
                request.ProcessedThrough.Versions.AddRange(await Pins(asked, request.Name, asked.Get(versions)!));
            }
            else
            {
                request.StateTable = new AdoptStateTable { Table = asked.Get(table) };
            }

            if (!request.DryRun)
            {
                await confirmation.Ask(asked.Parsed, async () => $"{Sentence(request.Name, await DryRun(asked, request), dryRun: true)}. Take them over?", asked.Cancellation);
            }

            var response = await asked.Call<AdoptPipelineResponse>("Pipelines/Adopt", request);
            asked.Printer.Print(
                response,
                Sentence(request.Name, response, request.DryRun),
                $"{response.Adopted}", $"{response.Late}", DateText.Short(response.NextLogicalDate));
            return ExitCode.Ok;
        });
    }

    private static Task<AdoptPipelineResponse> DryRun(Asked asked, AdoptPipelineRequest request) =>
        asked.Call<AdoptPipelineResponse>("Pipelines/Adopt", new AdoptPipelineRequest(request) { DryRun = true, RequestId = RequestIds.Of(given: null) });

    private static string Sentence(string pipeline, AdoptPipelineResponse response, bool dryRun) => string.Create(
        CultureInfo.InvariantCulture,
        $"{response.Adopted} dates of {pipeline} {(dryRun ? "would count" : "count")} as processed now, {response.Late} {(dryRun ? "would be" : "are")} late; the next run {(dryRun ? "would be" : "is")} {DateText.Short(response.NextLogicalDate)}");

    private static async Task<IReadOnlyList<TablePin>> Pins(Asked asked, string pipeline, IReadOnlyList<string> versions)
    {
        if (versions.Any(v => v.Contains('=', StringComparison.Ordinal)))
        {
            return [.. versions.Select(v => v.LastIndexOf('=') is > 0 and var at ? Pin(v[..at], v[(at + 1)..]) : throw Wrong(v))];
        }

        var status = await asked.Call<PipelineStatus>("Pipelines/Get", new GetPipelineRequest { Name = pipeline });
        return status.Pipeline.Inputs is [var input] && versions is [var version]
            ? [Pin(input.Table, version)]
            : throw new Refusal(ExitCode.Usage, $"{pipeline} reads {string.Join(" and ", status.Pipeline.Inputs.Select(i => i.Table))}: say --at-version TABLE=VERSION for each.");
    }

    private static TablePin Pin(string table, string version) =>
        long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? new TablePin { Table = table, Version = number } : throw Wrong(version);

    private static Refusal Wrong(string text) => new(ExitCode.Usage, $"--at-version is a version such as 6, or TABLE=6, not '{text}'.");
}
