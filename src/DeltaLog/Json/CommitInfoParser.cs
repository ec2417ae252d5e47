using System.Buffers.Text;
using System.Text.Json;

namespace Latecomer.DeltaLog;

/// <summary>Reads <c>commitInfo</c>. It is free in form, so a field of another type than usual is passed over, never an error.</summary>
internal static class CommitInfoParser
{
    internal static CommitInfo Parse(ref Utf8JsonReader reader, ActionDetail detail) =>
        detail > ActionDetail.Partitions ? Parse(ref reader) : ParseTimes(ref reader);

    /// <summary>The times of a <c>commitInfo</c> that begins with its timestamp, as most writers' do, without a look at the rest, which is the longest part of
    /// many commits; null where it is written in another way, or has an in-commit timestamp.</summary>
    internal static CommitInfo? TryReadTimes(ReadOnlySpan<byte> line)
    {
        var start = "{\"commitInfo\":{\"timestamp\":"u8;
        line = line.TrimEnd(" \t\r"u8);
        return line.StartsWith(start) && line.EndsWith("}}"u8)
            && Utf8Parser.TryParse(line[start.Length..], out long timestamp, out var length) && line[start.Length + length] is (byte)',' or (byte)'}'
            && line.IndexOf("inCommitTimestamp"u8) < 0
            ? new CommitInfo { Timestamp = timestamp }
            : null;
    }

    private static CommitInfo ParseTimes(ref Utf8JsonReader reader)
    {
        long? timestamp = null;
        long? inCommitTimestamp = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isTimestamp = reader.ValueTextEquals("timestamp"u8);
            var isInCommit = !isTimestamp && reader.ValueTextEquals("inCommitTimestamp"u8);
            reader.Read();
            if ((isTimestamp || isInCommit) && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number))
            {
                timestamp = isTimestamp ? number : timestamp;
                inCommitTimestamp = isInCommit ? number : inCommitTimestamp;
            }

            reader.Skip();
        }

        return new CommitInfo { Timestamp = timestamp, InCommitTimestamp = inCommitTimestamp };
    }

    private static CommitInfo Parse(ref Utf8JsonReader reader)
    {
        var info = new CommitInfo();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            info = reader.TokenType switch
            {
                JsonTokenType.String => WithText(info, name, ref reader),
                JsonTokenType.Number when reader.TryGetInt64(out var number) => WithNumber(info, name, number),
                JsonTokenType.True or JsonTokenType.False when name == "isBlindAppend" => info with { IsBlindAppend = reader.GetBoolean() },
                JsonTokenType.StartObject => WithMap(info, name, ref reader),
                _ => Skipped(info, ref reader),
            };
        }

        return info;
    }

    private static CommitInfo WithText(CommitInfo info, string? name, ref Utf8JsonReader reader) => name switch
    {
        "operation" => info with { Operation = reader.GetString() },
        "isolationLevel" => info with { IsolationLevel = reader.GetString() },
        "userMetadata" => info with { UserMetadata = reader.GetString() },
        "engineInfo" => info with { EngineInfo = reader.GetString() },
        "txnId" => info with { TxnId = reader.GetString() },
        _ => info,
    };

    private static CommitInfo WithNumber(CommitInfo info, string? name, long number) => name switch
    {
        "timestamp" => info with { Timestamp = number },
        "inCommitTimestamp" => info with { InCommitTimestamp = number },
        "readVersion" => info with { ReadVersion = number },
        _ => info,
    };

    private static CommitInfo WithMap(CommitInfo info, string? name, ref Utf8JsonReader reader) => name switch
    {
        "operationParameters" => info with { OperationParameters = LogJson.Map(ref reader)! },
        "operationMetrics" => info with { OperationMetrics = LogJson.Map(ref reader)! },
        "tags" => info with { Tags = LogJson.Map(ref reader)! },
        _ => Skipped(info, ref reader),
    };

    private static CommitInfo Skipped(CommitInfo info, ref Utf8JsonReader reader)
    {
        reader.Skip();
        return info;
    }
}
