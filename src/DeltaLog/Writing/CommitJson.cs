using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Latecomer.DeltaLog;

/// <summary>Writes a commit as Spark does: one action per line, <c>commitInfo</c> first, fields in Spark's order, absent ones left out.</summary>
internal static class CommitJson
{
    internal const string EngineInfo = "Latecomer/0.1.0";

    internal static ReadOnlyMemory<byte> Write(CommitProposal proposal, long readVersion, Guid txnId, DateTimeOffset now)
    {
        var bytes = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(bytes, LogJson.WriterOptions);
        WriteLine(bytes, writer, "commitInfo", json => WriteCommitInfo(json, proposal, readVersion, txnId, now));
        foreach (var action in proposal.Actions)
        {
            switch (action)
            {
                case Protocol protocol: WriteLine(bytes, writer, "protocol", json => TableActionJson.Write(json, protocol)); break;
                case Metadata metadata: WriteLine(bytes, writer, "metaData", json => TableActionJson.Write(json, metadata)); break;
                case SetTransaction txn: WriteLine(bytes, writer, "txn", json => TableActionJson.Write(json, txn)); break;
                case DomainMetadata domain: WriteLine(bytes, writer, "domainMetadata", json => TableActionJson.Write(json, domain)); break;
                case AddFile add: WriteLine(bytes, writer, "add", json => FileActionJson.Write(json, add)); break;
                case RemoveFile remove: WriteLine(bytes, writer, "remove", json => FileActionJson.Write(json, remove)); break;
                case CommitInfo: throw new ArgumentException("commitInfo is written by the commit writer, not proposed", nameof(proposal));
                default: throw new System.Diagnostics.UnreachableException();
            }
        }

        return bytes.WrittenMemory;
    }

    private static void WriteLine(ArrayBufferWriter<byte> bytes, Utf8JsonWriter writer, string name, Action<Utf8JsonWriter> write)
    {
        writer.Reset();
        writer.WriteStartObject();
        writer.WriteStartObject(name);
        write(writer);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.Flush();
        bytes.Write("\n"u8);
    }

    private static void WriteCommitInfo(Utf8JsonWriter json, CommitProposal proposal, long readVersion, Guid txnId, DateTimeOffset now)
    {
        json.WriteNumber("timestamp", now.ToUnixTimeMilliseconds());
        json.WriteString("operation", proposal.Operation);
        LogJson.WriteMap(json, "operationParameters", proposal.OperationParameters);
        if (readVersion >= 0)
        {
            json.WriteNumber("readVersion", readVersion);
        }

        json.WriteString("isolationLevel", "Serializable");
        json.WriteBoolean("isBlindAppend", proposal is { Reads: ReadAssumption.Nothing } && !proposal.Actions.OfType<RemoveFile>().Any());
        LogJson.WriteMap(json, "operationMetrics", proposal.OperationMetrics);
        if (proposal.Tags.Count > 0)
        {
            LogJson.WriteMap(json, "tags", proposal.Tags);
        }

        json.WriteString("engineInfo", EngineInfo);
        json.WriteString("txnId", txnId.ToString("D", CultureInfo.InvariantCulture));
    }
}
