using System.Text.Json;

namespace Latecomer.Runtime;

/// <summary>How the end of an activity is written into its actor's mailbox: JSON, the output as it is.</summary>
public static class ActivityEndedFormat
{
    /// <summary>The message type; no actor's message can have it.</summary>
    public const string Type = "$ActivityEnded";

    private const int CurrentVersion = 1;

    /// <summary>Writes an end.</summary>
    public static SerializedMessage Write(ActivityEnded ended) =>
        new(Type, CurrentVersion, DurableJson.Write(new Stored(ended.Id, ended.Kind, ended.Attempt, ended.Outcome, Parse(ended.Output), ended.Error)));

    /// <summary>Reads an end.</summary>
    /// <exception cref="InvalidDataException">A newer build wrote it, or it is not of this format.</exception>
    public static ActivityEnded Read(SerializedMessage message)
    {
        var stored = DurableJson.Read<Stored>(message.Body, "the end of an activity", message.SchemaVersion, CurrentVersion);
        var output = stored.Output is { } element ? System.Text.Encoding.UTF8.GetBytes(element.GetRawText()) : null;
        return new ActivityEnded(stored.Id, stored.Kind, stored.Attempt, stored.Outcome, output, stored.Error);
    }

    private static JsonElement? Parse(byte[]? output)
    {
        if (output is null)
        {
            return null;
        }

        using var document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }

    private sealed record Stored(string Id, string Kind, int Attempt, ActivityOutcome Outcome, JsonElement? Output, string? Error);
}
