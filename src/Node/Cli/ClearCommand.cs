using System.CommandLine;
using Latecomer.Contracts;
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
        ("--dry-run", "Only say what would be cleared.", r => r.DryRun = true),
    ];

    /// <summary>The command.</summary>
    public static Command Create(ClientOptions options)
    {
        var pipeline = Options.Argument<PipelineName>("PIPELINE", "The pipeline.");
        var date = Options.Argument<LogicalDate>("DATE", "The execution date.");
        var task = new Option<string?>("--task") { Description = "The task; all tasks when not given.", HelpName = "id" };
        var run = Options.Parsed<RunId>("--run", "A run of that date by its id; the scheduled one when not given.", "id");
        var requestId = RequestIds.Option();
        var switches = Switches.Select(s => (Option: new Option<bool>(s.Name) { Description = s.Description }, s.Set)).ToList();
        var command = new Command("clear", "Clears task instances so that they run again; says how many.") { pipeline, date, task, run, requestId };
        switches.ForEach(s => command.Options.Add(s.Option));
        command.SetAction(async (parsed, cancellation) =>
        {
            var request = new ClearRunsRequest
            {
                Pipeline = parsed.GetValue(pipeline).Value,
                LogicalDate = parsed.GetValue(date).ToString(),
                TaskId = parsed.GetValue(task) ?? "",
                RunId = parsed.GetValue(run)?.Value ?? "",
                RequestId = RequestIds.Of(parsed.GetValue(requestId)),
            };
            switches.Where(s => parsed.GetValue(s.Option)).ToList().ForEach(s => s.Set(request));
            using var client = options.Client(parsed);
            var response = await client.Call<ClearRunsResponse>("Runs/Clear", request, cancellation);
            options.Printer(parsed).Print(response, Sentence(response, request.DryRun));
            return ExitCode.Ok;
        });
        return command;
    }

    private static string Sentence(ClearRunsResponse response, bool dryRun)
    {
        var (first, last) = (DateText.Short(response.FirstLogicalDate), DateText.Short(response.LastLogicalDate));
        var dates = first == last ? first : $"{first} to {last}";
        return $"{response.AffectedTaskInstances} task instances {(dryRun ? "would be" : "were")} cleared: {response.TaskIds.Count} tasks of {response.AffectedRuns} runs, {dates}";
    }
}
