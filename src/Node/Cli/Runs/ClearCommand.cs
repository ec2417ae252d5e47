using System.CommandLine;
using Latecomer.Node.Protocol;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer runs clear</c>.</summary>
internal static class ClearCommand
{
    private static readonly (string Name, string Description, Action<ClearRunsRequest> Set)[] Switches =
    [
        ("--past", "Also the scheduled runs of all earlier dates.", r => r.Past = true),
        ("--future", "Also the scheduled runs of all later dates.", r => r.Future = true),
        ("--upstream", "Also the tasks that the task needs.", r => r.Upstream = true),
        ("--downstream", "Also the tasks that need the task.", r => r.Downstream = true),
        ("--only-failed", "Only task instances that failed, or that were not reached because one failed.", r => r.OnlyFailed = true),
        ("--dry-run", "Only say what would be cleared.", r => r.DryRun = true),
    ];

    /// <summary>The command.</summary>
    public static Command Create(ClientOptions client)
    {
        var (pipeline, date, run) = (Names.PipelineArgument(), Names.DateArgument(), Names.RunOption());
        var task = new Option<string?>("--task") { Description = "The task; all tasks when not given.", HelpName = Names.Task };
        var (requestId, wait, confirmation) = (RequestIds.Option(), RunProgress.WaitOption(), new Confirmation());
        var switches = Switches.Select(s => (Option: new Option<bool>(s.Name) { Description = s.Description }, s.Set)).ToList();
        var command = confirmation.On(new Command("clear", "Clears task instances so that they run again; says how many.") { pipeline, date, task, run, requestId, wait });
        switches.ForEach(s => command.Options.Add(s.Option));
        return client.Asking(command, async asked =>
        {
            var request = new ClearRunsRequest
            {
                Pipeline = asked.Get(pipeline).Value,
                LogicalDate = asked.Get(date).ToString(),
                TaskId = asked.Get(task) ?? "",
                RunId = asked.Get(run)?.Value ?? "",
                RequestId = RequestIds.Of(asked.Get(requestId)),
            };
            switches.Where(s => asked.Get(s.Option)).ToList().ForEach(s => s.Set(request));
            if (request.DryRun)
            {
                return await Clear(asked, request);
            }

            await confirmation.Ask(asked.Parsed, async () => $"{Sentence(await DryRun(asked, request), dryRun: true)}. Clear them?", asked.Cancellation);
            return asked.Get(wait) ? await ClearAndFollow(asked, request) : await Clear(asked, request);
        });
    }

    private static Task<ClearRunsResponse> DryRun(Asked asked, ClearRunsRequest request) =>
        asked.Call<ClearRunsResponse>("Runs/Clear", new ClearRunsRequest(request) { DryRun = true, RequestId = RequestIds.Of(given: null) });

    private static async Task<int> Clear(Asked asked, ClearRunsRequest request)
    {
        Print(asked, await asked.Call<ClearRunsResponse>("Runs/Clear", request), request.DryRun);
        return ExitCode.Ok;
    }

    /// <summary>Clears, and follows each run until it has ended with a later try of what was cleared.</summary>
    private static async Task<int> ClearAndFollow(Asked asked, ClearRunsRequest request)
    {
        var affected = await DryRun(asked, request);
        var wanted = new ListRunsRequest { Pipeline = request.Pipeline, FromDate = affected.FirstLogicalDate, ToDate = affected.LastLogicalDate };
        var before = Cleared(await RunProgress.Read(asked, wanted), request).ToDictionary(run => run.RunId, run => LastTry(run, affected), StringComparer.Ordinal);
        var response = await asked.Call<ClearRunsResponse>("Runs/Clear", request);
        Print(asked, response, dryRun: false);
        return await new RunProgress(asked).Follow(
            wanted,
            runs => [.. Cleared(runs, request).Where(run => LastTry(run, response) > before.GetValueOrDefault(run.RunId) || !RunRows.HasEnded(run))],
            runs => runs.Count >= response.AffectedRuns && runs.All(RunRows.HasEnded));
    }

    private static IEnumerable<Run> Cleared(IEnumerable<Run> runs, ClearRunsRequest request) =>
        runs.Where(run => request.RunId.Length == 0 ? run.Kind == RunKind.Scheduled : run.RunId == request.RunId);

    private static int LastTry(Run run, ClearRunsResponse cleared) => run.Tasks.Where(task => cleared.TaskIds.Contains(task.TaskId)).Sum(task => task.TryNumber);

    private static void Print(Asked asked, ClearRunsResponse response, bool dryRun) => asked.Printer.Print(
        response, Sentence(response, dryRun), $"{response.AffectedTaskInstances}", $"{response.AffectedRuns}", DateText.Short(response.FirstLogicalDate), DateText.Short(response.LastLogicalDate));

    private static string Sentence(ClearRunsResponse response, bool dryRun)
    {
        var (first, last) = (DateText.Short(response.FirstLogicalDate), DateText.Short(response.LastLogicalDate));
        var dates = first == last ? first : $"{first} to {last}";
        return $"{response.AffectedTaskInstances} task instances {(dryRun ? "would be" : "were")} cleared: {response.TaskIds.Count} tasks of {response.AffectedRuns} runs, {dates}";
    }
}
