using System.Collections.Immutable;
using Latecomer.Contracts;
using Latecomer.Node.Cli;
using YamlDotNet.RepresentationModel;

namespace Latecomer.Node.Pipelines;

/// <summary>A pipeline as a YAML file. Unknown keys are errors; each error names file, line and column.</summary>
internal static class PipelineFile
{
    private static readonly ImmutableArray<string> WorkKinds = ["builtIn", "command", "external"];

    /// <summary>Reads a file.</summary>
    /// <exception cref="Refusal">It cannot be read, or is no pipeline.</exception>
    public static PipelineDefinition Read(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new Refusal(ExitCode.Usage, $"The pipeline file {path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads a file's text; <paramref name="file"/> is its name in errors.</summary>
    /// <exception cref="Refusal">It is no pipeline.</exception>
    public static PipelineDefinition Parse(string text, string file)
    {
        var section = new YamlSection(
            file, "a pipeline", YamlText.Root(text, file, "a pipeline file") ?? throw YamlSection.Fault(file, 1, 1, "a pipeline file holds one YAML document, not 0"),
            "name", "inputs", "schedule", "start", "end", "maxActiveRuns", "maxActiveBackfills", "retries", "retryDelay", "work", "configurationFolder", "lookback", "minRows");
        var schedule = section.Text("schedule", ScheduleText.ParseSchedule);
        var maxActiveRuns = Int(section, "maxActiveRuns", PipelineDefaults.MaxActiveRuns);
        var definition = new PipelineDefinition(
            section.Text("name", t => PipelineName.Parse(t)),
            [.. section.Items("inputs").Select(item => ParseInput(file, item, schedule))],
            schedule,
            section.Text("start", t => LogicalDate.Parse(t)),
            section.Text<LogicalDate?>("end", t => LogicalDate.Parse(t), otherwise: null),
            maxActiveRuns,
            Int(section, "maxActiveBackfills", maxActiveRuns),
            Int(section, "retries", PipelineDefaults.Retries),
            section.Text("retryDelay", ScheduleText.ParseLength, PipelineDefaults.RetryDelay),
            ParseWork(file, section.Get("work")),
            section.Text("configurationFolder", t => t, PipelineDefaults.ConfigurationFolder),
            section.Text<int?>("lookback", t => ScheduleText.ParseIntervals(t, schedule), otherwise: null),
            section.Number("minRows", 0));
        foreach (var fault in definition.Faults())
        {
            throw section.At(section.Keys.Where(key => Place(fault, key) >= 0).MinBy(key => Place(fault, key)), fault);
        }

        return definition;
    }

    private static int Place(string fault, string key) => fault.IndexOf($"'{key}'", StringComparison.Ordinal);

    private static PipelineInput ParseInput(string file, YamlNode node, Schedule schedule)
    {
        var input = new YamlSection(file, "an input", node, "table", "partitionColumn", "partitionFormat", "window");
        var window = input.Find("window") is { } w ? new YamlSection(file, "a window", w, "from", "to") : null;
        return new PipelineInput(
            input.Text("table", t => TablePath.Parse(t)),
            input.Text("partitionColumn", t => t),
            input.Text("partitionFormat", t => t, PipelineDefaults.PartitionFormat(schedule)),
            window?.Text("from", t => ScheduleText.ParseIntervals(t, schedule)) ?? 0,
            window?.Text("to", t => ScheduleText.ParseIntervals(t, schedule)) ?? 0);
    }

    private static Work ParseWork(string file, YamlNode node)
    {
        if (node is YamlScalarNode { Value: "external" })
        {
            return new Work.External(Work.External.UsualTaskId);
        }

        var work = new YamlSection(file, "work", node, "task", "builtIn", "output", "command", "environment", "expectedExitCode", "external");
        if (WorkKinds.Where(work.Has).ToList() is not [var kind])
        {
            throw work.At(node, "work is one of 'builtIn', 'command' and 'external'");
        }

        string[] own = kind switch { "builtIn" => ["output"], "command" => ["environment", "expectedExitCode"], _ => [] };
        if (work.Keys.FirstOrDefault(key => key != "task" && key != kind && !own.Contains(key, StringComparer.Ordinal)) is { } stray)
        {
            throw work.At(stray, $"'{stray}' belongs to another kind of work");
        }

        if (kind == "external")
        {
            return work.Text("external", t => t) == "true" ? new Work.External(work.Text("task", t => t, Work.External.UsualTaskId)) : throw work.At("external", "'external' is true, or is left out");
        }

        var task = work.Text("task", t => t);
        if (kind == "builtIn")
        {
            return new Work.BuiltIn(task, work.Text("builtIn", t => t), work.Text("output", t => TablePath.Parse(t)));
        }

        var command = work.Texts("command");
        return new Work.Command(task, command[0], [.. command.Skip(1)], work.Map("environment"), Int(work, "expectedExitCode", 0));
    }

    private static int Int(YamlSection section, string key, int otherwise) =>
        section.Number(key, otherwise) is var number and >= int.MinValue and <= int.MaxValue
            ? (int)number
            : throw section.At(key, $"'{key}' is out of range");
}
