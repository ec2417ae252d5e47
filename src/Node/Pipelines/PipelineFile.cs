using System.Collections.Immutable;
using Latecomer.Contracts;
using Latecomer.Node.Cli;
using YamlDotNet.RepresentationModel;

namespace Latecomer.Node.Pipelines;

/// <summary>A pipeline as a YAML file. Unknown keys are errors; each error names file, line and column.</summary>
internal static class PipelineFile
{
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
        var work = new YamlSection(file, "work", node, "task", "builtIn", "output", "command", "environment", "expectedExitCode");
        var task = work.Text("task", t => t);
        if (work.Find("builtIn") is not null == work.Find("command") is not null)
        {
            throw work.At(node, "work is either 'builtIn' or 'command'");
        }

        var foreign = work.Find("command") is null ? ["environment", "expectedExitCode"] : new[] { "output" };
        if (work.Keys.FirstOrDefault(foreign.Contains) is { } stray)
        {
            throw work.At(stray, $"'{stray}' belongs to the other kind of work");
        }

        if (work.Find("command") is null)
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
