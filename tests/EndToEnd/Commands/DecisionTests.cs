using System.Text.Json.Nodes;
using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.EndToEnd.Tables;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.EndToEnd.Commands;

/// <summary>The verbs of the command line by which people decide: what is refused, and with which exit code, too.</summary>
public sealed class DecisionTests : IAsyncLifetime
{
    private const string Pipeline = "orders_by_day";
    private const string Work = "work";
    private const int Days = 3;
    private const int Failed = 1;
    private const int Usage = 2;

    private readonly TemporaryFolder _folder = new();
    private NodeProcess _node = null!;

    private SmallTable Table => new(Path.Combine(_folder.Path, "dataset", "orders"), "day");

    private string Go => Path.Combine(_folder.Path, "dataset", "go");

    public async Task InitializeAsync()
    {
        for (var day = 1; day <= Days + 1; day++)
        {
            await Table.Append(Date(day));
        }

        Directory.CreateDirectory(Go);
        _node = await NodeProcess.Start(_folder.Path);
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_pipeline_is_paused_and_goes_on_and_a_run_is_cancelled()
    {
        await Play($"pipelines apply '{await Definition("{task: work, command: [/bin/sh, -c, 'while [ ! -e go/{date} ]; do sleep 0.05; done']}")}'");
        await _node.Runs(Pipeline, "its first work", runs => runs.Any(r => r.Task(Work).State == "TASK_STATE_RUNNING"));
        var played = await Play(
            $"pipelines pause {Pipeline} -o plain",
            $"pipelines pause {Pipeline} -o plain",
            "pipelines list -o plain",
            "pipelines pause nothing",
            $"runs cancel {Pipeline} 2024-01-01",
            $"runs cancel {Pipeline} 2024-01-01 --yes -o plain",
            $"runs cancel {Pipeline} 2024-01-01 --yes -o json",
            $"runs cancel {Pipeline} 2024-01-09 --yes",
            $"runs get {Pipeline} 2024-01-01 -o plain",
            $"pipelines unpause {Pipeline} -o plain",
            "pipelines unpause nothing");

        played.Lines.Take(4).ShouldBe(
            [$"{Pipeline}\tpaused", $"{Pipeline}\tpaused", $"{Pipeline}\t@daily\t2024-01-01\t2024-01-03\torders\twork\t1\tpaused", "scheduled__2024-01-01T00:00:00Z"], played.Story);
        played.Lines.Skip(4).Take(7).Select(l => l.Split('\t')[2]).ShouldBe(["success", "success", .. Enumerable.Repeat("cancelled", 5)], played.Story);
        played.Lines[11].ShouldBe($"{Pipeline}\tactive");
        played.Refused("pipelines pause nothing", Failed, "There is no pipeline nothing.");
        played.Refused("pipelines unpause nothing", Failed, "There is no pipeline nothing.");
        played.Refused($"runs cancel {Pipeline} 2024-01-01", Usage, "--yes");
        played.Refused($"runs cancel {Pipeline} 2024-01-01 --yes -o json", Failed, "has ended already: cancelled.");
        played.Refused($"runs cancel {Pipeline} 2024-01-09 --yes", Failed, "2024-01-09");
        played.Refusals.Count.ShouldBe(5, played.Story);
        (await _node.Cli("runs", "cancel", Pipeline, "2024-01-01", "--yes")).Refused(Failed, "has ended already");
        ReleaseAll();
    }

    [Fact]
    public async Task A_range_is_planned_run_paused_and_cancelled()
    {
        ReleaseAll();
        await Play(
            $"pipelines apply '{await Definition("{task: work, command: [/bin/sh, -c, 'while [ ! -e go/{date} ]; do sleep 0.05; done']}")}'",
            $"runs wait {Pipeline} --count {Days} --timeout 5m");
        File.Delete(Path.Combine(Go, Date(3)));
        var create = $"backfills create {Pipeline} --from-date 2024-01-01 --to-date 2024-01-03 --reprocess-behavior completed --run-backwards --max-active-runs 1";
        var played = await Play($"{create} --dry-run -o plain", $"{create} -o plain", $"{create} -o json", $"backfills pause {Pipeline} 1 -o plain", $"backfills list {Pipeline} --active -o plain");
        played.Lines.Take(5).ShouldBe(["2024-01-03", "2024-01-02", "2024-01-01", "1", "1\tpaused"], played.Story);
        played.Lines[5].Split('\t')[..6].ShouldBe(["1", "paused", "2024-01-01", "2024-01-03", "completed", "1/3"], played.Story);
        played.Refused($"{create} -o json", Failed, $"The backfill 1 of {Pipeline}");

        var cancelled = await Play(
            $"backfills unpause {Pipeline} 1 -o plain",
            $"backfills cancel {Pipeline} 1",
            $"backfills cancel {Pipeline} 1 --yes -o plain",
            $"backfills cancel {Pipeline} 1 --yes",
            $"backfills pause {Pipeline} 1",
            $"backfills get {Pipeline} 7",
            $"backfills get {Pipeline} first",
            $"backfills list nothing",
            $"backfills create {Pipeline} --from-date 2024-01-01",
            $"backfills create {Pipeline} --from-date 2024-01-03 --to-date 2024-01-01",
            $"backfills list {Pipeline} --active -o plain",
            $"backfills get {Pipeline} 1 -o plain");
        cancelled.Lines.Take(2).ShouldBe(["1\trunning", "1\tcancelled"], cancelled.Story);
        cancelled.Lines[2].Split('\t')[..9].ShouldBe(["1", "cancelled", "2024-01-01", "2024-01-03", "completed", "1/3", "0", "1", "0"], cancelled.Story);
        cancelled.Refused($"backfills cancel {Pipeline} 1", Usage, "--yes");
        cancelled.Refused($"backfills cancel {Pipeline} 1 --yes", Failed, "has ended");
        cancelled.Refused($"backfills pause {Pipeline} 1", Failed, "has ended");
        cancelled.Refused($"backfills get {Pipeline} 7", Failed, $"There is no backfill 7 of {Pipeline}.");
        cancelled.Refused($"backfills get {Pipeline} first", Failed, "'first' is no backfill_id");
        cancelled.Refused("backfills list nothing", Failed, "There is no pipeline nothing.");
        cancelled.Refused($"backfills create {Pipeline} --from-date 2024-01-01", Usage, "--to-date");
        cancelled.Refused($"backfills create {Pipeline} --from-date 2024-01-03 --to-date 2024-01-01", Failed, "2024-01-03");

        ReleaseAll();
        var waited = await _node.Cli("backfills", "create", Pipeline, "--from-date", "2024-01-02", "--to-date", "2024-01-03", "--reprocess-behavior", "completed", "--wait");
        waited.Succeeded().Errors.ShouldContain("2 runs ended, all succeeded.");
    }

    [Fact]
    public async Task What_is_late_is_explained_dismissed_claimed_and_taken_from_runs_that_died()
    {
        string[] mark = [$"partitions mark-as-processing {Pipeline} 2024-01-02 --run manual__mine -o plain", $"partitions mark-as-processed {Pipeline} 2024-01-02 --run manual__mine -o plain"];
        (await Play([$"pipelines apply '{await Definition("external")}'", .. mark])).Succeeded();
        await LoadLate();
        var dismissed = await Play(
            $"partitions dismiss {Pipeline} 2024-01-02",
            $"partitions dismiss {Pipeline} 2024-01-02 --yes --reason 'a correction of names' -o json",
            $"partitions dismiss {Pipeline} 2024-01-02 --yes",
            $"partitions approve {Pipeline} 2024-01-02",
            $"partitions explain {Pipeline} 2023-01-01",
            $"partitions explain {Pipeline} soon",
            $"partitions explain nothing 2024-01-02");
        ((string)JsonNode.Parse(string.Join('\n', dismissed.Lines))!["lastProcessedBy"]!).ShouldBe("manual__mine");
        dismissed.Refused($"partitions dismiss {Pipeline} 2024-01-02", Usage, "--yes");
        dismissed.Refused($"partitions dismiss {Pipeline} 2024-01-02 --yes", Failed, $"2024-01-02 of {Pipeline} is not late.");
        dismissed.Refused($"partitions approve {Pipeline} 2024-01-02", Failed, "needs no approval");
        dismissed.Refused($"partitions explain {Pipeline} 2023-01-01", Failed, "Nothing is known of");
        dismissed.Refused($"partitions explain {Pipeline} soon", Usage, "soon");
        dismissed.Refused("partitions explain nothing 2024-01-02", Failed, "There is no pipeline nothing.");

        await LoadLate();
        const string Claiming = "scheduled__2024-01-03";
        var claim = $"backfills create-from-late {Pipeline} 2024-01-03 --run {Claiming}";
        for (var number = 1; number <= 3; number++)
        {
            var failed = await Play(
                $"{claim} --try {number} -o plain", mark[0].Replace("mine", $"try{number}", StringComparison.Ordinal),
                $"partitions release {Pipeline} 2024-01-02 --run manual__mine --yes", $"partitions release {Pipeline} 2024-01-02 --run manual__try{number} --yes --reason 'it died' -o plain");
            failed.Lines[0].Split('\t')[^1].ShouldBe("day=2024-01-02", failed.Story);
            failed.Refused($"partitions release {Pipeline} 2024-01-02 --run manual__mine --yes", Failed, $"manual__mine does not hold 2024-01-02 of {Pipeline}");
        }

        var approved = await Play(
            $"{claim} --try 4 -o plain", $"partitions list {Pipeline} --needs-approval -o plain", $"partitions approve {Pipeline} 2024-01-02 -o json", $"{claim} --try 5 -o plain",
            $"partitions explain {Pipeline} 2024-01-02 -o plain");
        var told = approved.Succeeded().SkipWhile(l => !l.Contains("\tcommit\t", StringComparison.Ordinal)).Select(l => l.Split('\t')).ToList();
        approved.Lines[0].Split('\t')[..2].ShouldBe(["2024-01-02", "needs approval"], approved.Story);
        told.Select(t => t[2]).ShouldContain($"A person said that what came up to orders at version 4 needs no run: a correction of names.", approved.Story);
        told.Select(t => t[2]).ShouldContain("A person took it from run manual__try3: it died.", approved.Story);
        told.Select(t => t[2]).ShouldContain("A person approved another claim.", approved.Story);
        told[^1][2].ShouldBe($"The creation of run {Claiming} claimed it.", approved.Story);
        (await _node.Cli("partitions", "explain", Pipeline, "2024-01-02")).Succeeded().Output.ShouldContain("A person approved another claim.");
    }

    private static string Date(int day) => $"2024-01-{day:D2}";

    private Task<ConsoleScript> Play(params string[] commands) => ConsoleScript.Play(_node, commands);

    private void ReleaseAll() => Enumerable.Range(1, Days).ToList().ForEach(day => File.WriteAllText(Path.Combine(Go, Date(day)), ""));

    private async Task LoadLate()
    {
        await Table.Append(Date(2));
        await Waiting.For("the late one", async () =>
            (await _node.Api.Call("Partitions/List", new JsonObject { ["pipeline"] = Pipeline, ["late"] = true }))["partitions"]?.AsArray().Count == 1 ? "" : null);
    }

    private async Task<string> Definition(string work)
    {
        var file = Path.Combine(_folder.Path, "pipeline.yaml");
        await File.WriteAllTextAsync(file, $$"""
            name: {{Pipeline}}
            schedule: "@daily"
            start: 2024-01-01
            end: 2024-01-03
            maxActiveRuns: 1
            inputs: [{table: orders, partitionColumn: day}]
            work: {{work}}
            """);
        return file;
    }
}
