using System.Text;

namespace Latecomer.Tests.Integration.Grpc;

/// <summary>Requests and bytes that were valid before something happened to them.</summary>
internal static class Mutations
{
    public static RawCall Of(RawCall call, Random random) => random.Next(10) switch
    {
        0 => call with { Path = "/" + new string([.. Of(Encoding.ASCII.GetBytes(call.Path[1..]), random).Where(b => b is > 32 and < 127 and not (byte)'#' and not (byte)'?' and not (byte)'%').Select(b => (char)b)]) },
        1 => call with { Headers = Header(call, "grpc-timeout", Of("20S"u8.ToArray(), random)) },
        2 => call with { Headers = Header(call, "grpc-encoding", random.Next(2) == 0 ? "gzip"u8.ToArray() : Of("gzip"u8.ToArray(), random)), Body = Of(call.Body, random) },
        3 => call with { Headers = Header(call, "x-echo-bin", Of("AAAA"u8.ToArray(), random)) },
        _ => call with { Body = Of(call.Body, random) },
    };

    public static byte[] Of(byte[] bytes, Random random)
    {
        var mutated = bytes.ToList();
        for (var left = random.Next(1, 5); left > 0; left--)
        {
            var at = random.Next(mutated.Count + 1);
            switch (random.Next(4))
            {
                case 0 when at < mutated.Count:
                    mutated[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1 when at < mutated.Count:
                    mutated[at] = (byte)random.Next(256);
                    break;
                case 2:
                    mutated.Insert(at, (byte)random.Next(256));
                    break;
                default:
                    mutated.RemoveRange(at, Math.Min(random.Next(1, 8), mutated.Count - at));
                    break;
            }
        }

        return [.. mutated];
    }

    /// <summary>Whether an answer is one that the protocol has for a request.</summary>
    public static bool IsProper(RawCall call, RawAnswer answer) => answer.IsEndless || answer is { Http: 200, Grpc: >= 0 and <= 16 }
        || (answer.Http is 200 or (>= 400 and < 600) && answer.Grpc is null && !call.IsGrpc());

    private static Dictionary<string, string> Header(RawCall call, string name, byte[] value) =>
        new(call.Headers, StringComparer.Ordinal) { [name] = new string([.. value.Where(b => b is > 32 and < 127).Select(b => (char)b)]) };
}
