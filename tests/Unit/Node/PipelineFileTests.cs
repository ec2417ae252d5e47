using Latecomer.Contracts;
using Latecomer.Node.Cli;
using Latecomer.Node.Grpc;
using Latecomer.Node.Pipelines;
using Latecomer.Tests.Unit.Rules;

namespace Latecomer.Tests.Unit.Node;

public sealed class PipelineFileTests
{
    private const string Good = """
        name: daily
        schedule: "@daily"
        start: 2024-01-01
        inputs:
          - table: sales
            partitionColumn: day
        work:
          task: count
          command: [wc, -l, "{date}"]
        """;

    public static TheoryData<string> Examples => [.. Repository.Files("examples", ".yaml")];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Each_example_is_a_pipeline_and_survives_the_api(string file)
    {
        var definition = PipelineFile.Read(Path.Combine(Repository.Root, file));
        definition.ToWire().ToDefinition().ShouldBe(definition);
    }

    [Fact]
    public void What_is_not_said_has_its_default()
    {
        var definition = PipelineFile.Parse(Good, "p.yaml");
        definition.MaxActiveRuns.ShouldBe(16);
        definition.MaxActiveBackfills.ShouldBe(16);
        definition.Retries.ShouldBe(3);
        definition.RetryDelay.ShouldBe(TimeSpan.FromMinutes(1));
        definition.ConfigurationFolder.ShouldBe(".");
        definition.End.ShouldBeNull();
        definition.Primary.Format.ShouldBe("yyyy-MM-dd");
    }

    [Fact]
    public void A_week_is_a_window_of_seven_intervals()
    {
        var text = Good.Replace("partitionColumn: day", "partitionColumn: day\n    window: {from: -6d, to: 0d}");
        var input = PipelineFile.Parse(text, "p.yaml").Primary;
        (input.From, input.To).ShouldBe((-6, 0));
    }

    [Theory]
    [InlineData("work: external", "work")]
    [InlineData("work: {external: true}", "work")]
    [InlineData("work: {task: process_devices, external: true}", "process_devices")]
    public void Work_that_something_else_does_needs_no_more_than_that(string work, string task)
    {
        var definition = PipelineFile.Parse(Good[..Good.IndexOf("work:", StringComparison.Ordinal)] + work, "p.yaml");
        definition.Work.ShouldBe(new Work.External(task));
        definition.ToWire().ToDefinition().ShouldBe(definition);
    }

    [Theory]
    [InlineData("name: daily", "nam: daily", "p.yaml:1:1: a pipeline has no key 'nam'")]
    [InlineData("name: daily", "name: da ily", "p.yaml:1:7: 'name'")]
    [InlineData("\"@daily\"", "weekly", "p.yaml:2:11: 'schedule': 'weekly' is no schedule")]
    [InlineData("start: 2024-01-01", "start: 2024-01-32", "p.yaml:3:8: 'start'")]
    [InlineData("start: 2024-01-01", "", "p.yaml:1:1: a pipeline needs 'start'")]
    [InlineData("start: 2024-01-01", "start: 2024-01-01\nend: 2023-12-31", "p.yaml:4:6: 'end'")]
    [InlineData("start: 2024-01-01", "start: 2024-01-01\nretries: many", "p.yaml:4:10: 'retries': 'many' is no whole number")]
    [InlineData("start: 2024-01-01", "start: 2024-01-01\nretries: -1", "p.yaml:4:10: 'retries' is from 0")]
    [InlineData("start: 2024-01-01", "start: 2024-01-01\nretryDelay: 5", "p.yaml:4:13: 'retryDelay'")]
    [InlineData("table: sales", "table: ../sales", "p.yaml:5:12: 'table'")]
    [InlineData("partitionColumn: day", "column: day", "p.yaml:6:5: an input has no key 'column'")]
    [InlineData("task: count", "task: count\n  output: x", "'output' belongs to another kind of work")]
    [InlineData("task: count", "task: count\n  builtIn: x", "work is one of 'builtIn', 'command' and 'external'")]
    [InlineData("command: [wc, -l, \"{date}\"]", "external: false", "'external' is true, or is left out")]
    [InlineData("command: [wc, -l, \"{date}\"]", "external: true\n  output: x", "'output' belongs to another kind of work")]
    [InlineData("name: daily", "name: [daily", "not YAML")]
    [InlineData("name: daily", "name: daily\nname: weekly", "not YAML")]
    public void What_is_wrong_is_refused_with_its_place(string good, string bad, string sentence)
    {
        var refusal = Should.Throw<Refusal>(() => PipelineFile.Parse(Good.Replace(good, bad), "p.yaml"));
        refusal.Message.ShouldContain(sentence);
        refusal.Message.ShouldStartWith("p.yaml:");
        refusal.Message.ShouldNotContain("\n");
        refusal.Code.ShouldBe(ExitCode.Usage);
    }

    [Fact]
    public void A_file_that_is_not_there_is_refused_by_name() =>
        Should.Throw<Refusal>(() => PipelineFile.Read("nowhere.yaml")).Message.ShouldContain("nowhere.yaml");

    [Theory]
    [InlineData("-6d", Schedule.Daily, -6)]
    [InlineData("0", Schedule.Hourly, 0)]
    [InlineData("1d", Schedule.Hourly, 24)]
    public void Lengths_of_time_count_intervals(string text, Schedule schedule, int intervals) =>
        ScheduleText.ParseIntervals(text, schedule).ShouldBe(intervals);

    [Theory]
    [InlineData("3h", Schedule.Daily)]
    [InlineData("d", Schedule.Daily)]
    [InlineData("6 days", Schedule.Daily)]
    public void Parts_of_intervals_are_none(string text, Schedule schedule) =>
        Should.Throw<FormatException>(() => ScheduleText.ParseIntervals(text, schedule));
}
