using System.Text.Json.Nodes;

namespace Latecomer.Tests.EndToEnd.Harness;

/// <summary>A run as the API shows it.</summary>
internal sealed record RunView(string Id, string Date, string Kind, string State, long Hold, IReadOnlyList<TaskView> Tasks, JsonObject Json)
{
    /// <summary>The runs of a page.</summary>
    public static IReadOnlyList<RunView> All(JsonObject page) => [.. (page["runs"]?.AsArray() ?? []).Select(run => Of(run!.AsObject()))];

    /// <summary>Whether it has ended well.</summary>
    public bool HasSucceeded => State == "RUN_STATE_SUCCESS";

    /// <summary>A task by its id.</summary>
    public TaskView Task(string id) => Tasks.Single(t => t.Id == id);

    /// <inheritdoc/>
    public override string ToString() => $"{Id} {State} {string.Join(' ', Tasks.Select(t => $"{t.Id}:{t.State}#{t.Try}{(t.Message.Length > 0 ? $"({t.Message})" : "")}"))}";

    private static RunView Of(JsonObject run) => new(
        (string)run["runId"]!,
        (string)run["logicalDate"]!,
        (string)run["kind"]!,
        (string)run["state"]!,
        long.Parse((string?)run["holdNumber"] ?? "0"),
        [.. (run["tasks"]?.AsArray() ?? []).Select(task => TaskView.Of(task!.AsObject()))],
        run);
}

/// <summary>A task instance as the API shows it.</summary>
internal sealed record TaskView(string Id, string State, int Try, string Message)
{
    /// <summary>Reads one.</summary>
    public static TaskView Of(JsonObject task) =>
        new((string)task["taskId"]!, (string?)task["state"] ?? "", (int?)task["tryNumber"] ?? 0, (string?)task["message"] ?? "");
}
