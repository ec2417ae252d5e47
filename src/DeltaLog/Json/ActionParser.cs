using System.Text.Json;

namespace Latecomer.DeltaLog;

/// <summary>Bytes of a JSON file of the log to actions: one JSON object per line (PROTOCOL.md, "Delta Log Entries"). Blank lines, CR, a byte
/// order mark and actions that are null or unknown are passed over; anything else that is no such object is refused by file, line and column.</summary>
internal static class ActionParser
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    internal static void Parse(ActionFile file, ReadOnlySpan<byte> bytes, ActionDetail detail, ParsedActions parsed)
    {
        var rest = bytes.StartsWith(ByteOrderMark) ? bytes[ByteOrderMark.Length..] : bytes;
        for (var line = 1; !rest.IsEmpty; line++)
        {
            var end = rest.IndexOf((byte)'\n');
            var content = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[(end + 1)..];
            if (content.IndexOfAnyExcept(" \t\r"u8) >= 0)
            {
                if (detail == ActionDetail.Partitions && CommitInfoParser.TryReadTimes(content) is { } info)
                {
                    parsed.Actions.Add(info);
                }
                else
                {
                    ParseLine(file, line, content, detail == ActionDetail.Partitions && !EndsWhole(content) ? ActionDetail.Counts : detail, parsed);
                }

                parsed.Lines++;
            }
        }
    }

    private static void ParseLine(ActionFile file, int line, ReadOnlySpan<byte> content, ActionDetail detail, ParsedActions parsed)
    {
        var reader = new Utf8JsonReader(content);
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw LogJson.Unexpected(ref reader, "a JSON object with one action");
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                ParseAction(ref reader, content, detail, parsed);
                if (reader.CurrentDepth > 1)
                {
                    return;
                }
            }

            // A second value on the line is an error, and only reading on finds it.
            while (reader.Read())
            {
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            var column = ((error as JsonException)?.BytePositionInLine ?? reader.TokenStartIndex) + 1;
            var reason = Reason(error);
            throw new DeltaException(
                file.WhenCorrupt,
                $"{file.Location}: {file.Kind} {file.Name} is corrupt at line {line}, column {column}: {reason}",
                error);
        }
    }

    /// <summary>Whether a line ends as an action does. What is left unread of it is not looked at closer, so one that is cut off has to show here.</summary>
    private static bool EndsWhole(ReadOnlySpan<byte> line) => line.TrimEnd(" \t\r"u8).EndsWith("}}"u8);

    private static string Reason(Exception error)
    {
        // The position within the line is said already, and the exception's own line number is always 0.
        var position = error.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return position < 0 ? error.Message : error.Message[..position];
    }

    private static void ParseAction(ref Utf8JsonReader reader, ReadOnlySpan<byte> line, ActionDetail detail, ParsedActions parsed)
    {
        var kind = KindOf(ref reader);
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null || kind == ActionKind.Unknown || (detail == ActionDetail.Definition && kind is ActionKind.Add or ActionKind.Remove))
        {
            reader.Skip();
            return;
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw LogJson.Unexpected(ref reader, "an object");
        }

        switch (kind)
        {
            case ActionKind.Add: parsed.Actions.Add(FileActionFields.Read(ref reader, line, detail, parsed.Partitions).ToAdd(ref reader)); break;
            case ActionKind.Remove: parsed.Actions.Add(FileActionFields.Read(ref reader, line, detail, parsed.Partitions).ToRemove(ref reader)); break;
            case ActionKind.Metadata: parsed.Actions.Add(TableActionParser.Metadata(ref reader)); break;
            case ActionKind.Protocol: parsed.Actions.Add(TableActionParser.Protocol(ref reader)); break;
            case ActionKind.Transaction: parsed.Actions.Add(TableActionParser.Transaction(ref reader)); break;
            case ActionKind.Domain: parsed.Actions.Add(TableActionParser.Domain(ref reader)); break;
            case ActionKind.CommitInfo: parsed.Actions.Add(CommitInfoParser.Parse(ref reader, detail)); break;
            case ActionKind.Cdc:
                reader.Skip();
                parsed.CdcFiles++;
                break;
            case ActionKind.Sidecar: parsed.Sidecars.Add(TableActionParser.SidecarPath(ref reader)); break;
            default: throw new System.Diagnostics.UnreachableException();
        }
    }

    private static ActionKind KindOf(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("add"u8) ? ActionKind.Add
        : reader.ValueTextEquals("remove"u8) ? ActionKind.Remove
        : reader.ValueTextEquals("commitInfo"u8) ? ActionKind.CommitInfo
        : reader.ValueTextEquals("txn"u8) ? ActionKind.Transaction
        : reader.ValueTextEquals("metaData"u8) ? ActionKind.Metadata
        : reader.ValueTextEquals("protocol"u8) ? ActionKind.Protocol
        : reader.ValueTextEquals("domainMetadata"u8) ? ActionKind.Domain
        : reader.ValueTextEquals("cdc"u8) ? ActionKind.Cdc
        : reader.ValueTextEquals("sidecar"u8) ? ActionKind.Sidecar
        : ActionKind.Unknown;

    private enum ActionKind
    {
        Unknown,
        Add,
        Remove,
        Metadata,
        Protocol,
        Transaction,
        Domain,
        CommitInfo,
        Cdc,
        Sidecar,
    }
}
