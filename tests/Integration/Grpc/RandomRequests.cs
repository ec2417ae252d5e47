using System.Collections;
using System.Globalization;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace Latecomer.Tests.Integration.Grpc;

/// <summary>Requests that a node may well take, of any kind that there is, by a seed.</summary>
internal sealed class RandomRequests(Random random)
{
    private const int MostDepth = 4;

    // Nobody waits long for what is answered late, or never.
    private static readonly Dictionary<string, string> Patience = new(StringComparer.Ordinal) { ["grpc-timeout"] = "2S" };

    private static readonly (string Part, string[] Values)[] Texts =
    [
        ("request_id", ["", "r-1", "r-2", "r-3", "r-4"]),
        ("run_id", ["", "scheduled__2999-01-01T00:00:00Z", "manual__2999-01-01T00:00:00Z"]),
        ("backfill_id", ["", "b-1"]),
        ("token", [""]),
        ("schedule", ["@daily", "@hourly"]),
        ("format", ["", "yyyy-MM-dd"]),
        ("column", ["d"]),
        ("table", ["t", "t", "none"]),
        ("folder", ["first", "second", "files/third"]),
        ("task", ["work", "mark_partition_as_processing"]),
        ("program", ["true"]),
        ("start", ["2999-01-01"]),
        ("end", ["", "2999-01-03"]),
        ("date", ["2999-01-01", "2999-01-02", "2999-01-02T00:00:00Z"]),
        ("kind", ["Partition", "Pipeline", ""]),
        ("node", ["node-1", ""]),
        ("service", ["latecomer.v1.Runs", ""]),
        ("file", ["latecomer/v1/runs.proto"]),
        ("symbol", ["latecomer.v1.Runs"]),
        ("name", ["first", "second", "third", "node-1"]),
        ("pipeline", ["first", "second", "third"]),
    ];

    /// <summary>A call of a method, by gRPC or as JSON.</summary>
    public RawCall Call(MethodDescriptor method)
    {
        var (path, message) = ($"/{method.Service.FullName}/{method.Name}", Message(method.InputType, 0));
        return method.IsClientStreaming || method.IsServerStreaming || random.Next(4) > 0
            ? new RawCall(path, RawCall.Frame(message.ToByteArray())) { Headers = Patience }
            : new RawCall(path, Encoding.UTF8.GetBytes(JsonFormatter.Default.Format(message)))
            {
                ContentType = "application/json",
                Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["connect-timeout-ms"] = "2000" },
            };
    }

    private IMessage Message(MessageDescriptor type, int depth)
    {
        var message = type.Parser.ParseFrom(ByteString.Empty);
        foreach (var field in type.Fields.InFieldNumberOrder().Where(_ => depth < MostDepth && random.Next(5) > 0))
        {
            if (field.IsMap)
            {
                continue;
            }

            if (field.IsRepeated)
            {
                ((IList)field.Accessor.GetValue(message)).Add(Value(field, depth));
            }
            else
            {
                field.Accessor.SetValue(message, Value(field, depth));
            }
        }

        return message;
    }

    private object Value(FieldDescriptor field, int depth) => field.FieldType switch
    {
        FieldType.String => Text(field.Name),
        FieldType.Bytes => ByteString.CopyFromUtf8("bytes"),
        FieldType.Bool => random.Next(2) == 0,
        FieldType.Enum => field.EnumType.Values[random.Next(field.EnumType.Values.Count)].Number,
        FieldType.Message when field.MessageType == Duration.Descriptor => new Duration { Seconds = random.Next(-1, 100) },
        FieldType.Message when field.MessageType == Timestamp.Descriptor => new Timestamp { Seconds = random.Next(-1, 100) },
        FieldType.Message => Message(field.MessageType, depth + 1),
        FieldType.Double => (double)random.Next(3),
        FieldType.Float => (float)random.Next(3),
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => (long)random.Next(-1, 4),
        FieldType.UInt64 or FieldType.Fixed64 => (ulong)random.Next(4),
        FieldType.UInt32 or FieldType.Fixed32 => (uint)random.Next(4),
        _ => random.Next(-1, 4),
    };

    private string Text(string field)
    {
        var values = Array.Find(Texts, t => field.Contains(t.Part, StringComparison.Ordinal)).Values ?? ["x"];
        var text = values[random.Next(values.Length)];
        return text.StartsWith("r-", StringComparison.Ordinal) ? string.Create(CultureInfo.InvariantCulture, $"{text}{random.Next(10_000)}") : text;
    }
}
