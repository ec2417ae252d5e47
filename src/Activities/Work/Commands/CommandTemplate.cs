using System.Text.RegularExpressions;
using Latecomer.Actors;
using Latecomer.Contracts;

namespace Latecomer.Activities;

/// <summary>Texts of a command's definition in which <c>{date}</c> and its like stand for what a run is about. Only a name in braces is a placeholder:
/// <c>{"a": 1}</c> stays as it is; <c>{{date}}</c> is the text <c>{date}</c>.</summary>
internal static partial class CommandTemplate
{
    private const string PinPrefix = "pin.";

    /// <summary>The placeholders, for people.</summary>
    private const string Known = "{pipeline}, {date}, {logical_date}, {run_id}, {try}, {hold}, {key}, {partition} and {pin.TABLE}";

    /// <summary>What is wrong with a text; null if nothing is.</summary>
    internal static string? Fault(string text, PipelineDefinition definition)
    {
        foreach (Match match in Placeholder().Matches(text))
        {
            var name = match.Groups["name"].Value;
            if (match.Groups["escaped"].Success || IsKnown(name))
            {
                continue;
            }

            if (!name.StartsWith(PinPrefix, StringComparison.Ordinal))
            {
                return $"'{{{name}}}' in '{text}' is no placeholder: there are {Known}. For the text itself, write '{{{{{name}}}}}'.";
            }

            if (!definition.Inputs.Any(i => i.Table.Value == name[PinPrefix.Length..]))
            {
                return $"'{{{name}}}' in '{text}' names no input of the pipeline: they are {string.Join(", ", definition.Inputs.Select(i => i.Table))}.";
            }
        }

        return text.Contains('\0', StringComparison.Ordinal) ? "Arguments and variables of a command cannot hold a NUL character." : null;
    }

    /// <summary>The text with everything filled in.</summary>
    internal static string Fill(string text, RunWork work) => Placeholder().Replace(text, match =>
        match.Groups["escaped"].Success ? match.Value[1..^1] : ValueOf(match.Groups["name"].Value, work) ?? match.Value);

    private static bool IsKnown(string name) => name is "pipeline" or "date" or "logical_date" or "run_id" or "try" or "hold" or "key" or "partition";

    private static string? ValueOf(string name, RunWork work) => name switch
    {
        "pipeline" => work.Definition.Name.Value,
        "date" => work.Definition.Schedule.NameOf(work.Date),
        "logical_date" => work.Date.ToString(),
        "run_id" => work.Run.Value,
        "try" => work.Try.ToString(),
        "hold" => work.HoldNumber.ToString(),
        "key" => work.IdempotencyKey,
        "partition" => work.Definition.Primary.PartitionOf(work.Date),
        _ when name.StartsWith(PinPrefix, StringComparison.Ordinal)
            && TablePath.TryParse(name[PinPrefix.Length..], provider: null, out var table)
            && work.Pin.Tables.TryGetValue(table, out var pin) => pin.Version.ToString(),
        _ => null,
    };

    [GeneratedRegex(@"(?<escaped>\{\{[^{}]*\}\})|\{(?<name>[A-Za-z_][A-Za-z0-9_]*(\.[^{}]+)?)\}", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Placeholder();
}
