using System.CommandLine;
using System.Text.Json;
using Latecomer.DeltaLog;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer tables checkpoint</c>.</summary>
internal static class CheckpointCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var table = new TableLog();
        return table.On(new Command("checkpoint", "Writes a checkpoint of a Delta table's latest version, unless it has one."), async (parsed, log, cancellation) =>
        {
            var result = await new DeltaTable(log, TimeProvider.System, Guid.NewGuid).WriteCheckpoint(version: null, cancellation);
            var printer = table.Printer(parsed);
            if (printer.IsDocument)
            {
                await printer.Document(json => WriteDocument(json, result));
            }
            else
            {
                Console.WriteLine(Sentence(result));
            }

            return ExitCode.Ok;
        });
    }

    private static string Sentence(CheckpointResult result) => result switch
    {
        CheckpointResult.Written written => $"version {written.Version}: {written.Actions} actions, {written.Files} of them files, in {written.Name}",
        CheckpointResult.AlreadyThere there => $"version {there.Version} has a checkpoint already: {there.Name}",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static void WriteDocument(Utf8JsonWriter json, CheckpointResult result)
    {
        json.WriteStartObject();
        json.WriteString("outcome", "ok");
        json.WriteBoolean("written", result is CheckpointResult.Written);
        switch (result)
        {
            case CheckpointResult.Written written:
                json.WriteNumber("version", written.Version);
                json.WriteString("file", written.Name);
                json.WriteNumber("actions", written.Actions);
                json.WriteNumber("files", written.Files);
                json.WriteNumber("bytes", written.Bytes);
                break;
            case CheckpointResult.AlreadyThere there:
                json.WriteNumber("version", there.Version);
                json.WriteString("file", there.Name);
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }

        json.WriteEndObject();
    }
}
