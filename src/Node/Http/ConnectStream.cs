using System.Buffers.Binary;
using System.Text.Json;
using Google.Protobuf;
using Latecomer.Node.Cli;

namespace Latecomer.Node.Http;

/// <summary>The responses of a streaming call in the Connect protocol, as JSON: each is a flag, a length, and that many bytes; the last one says how it ended.</summary>
internal sealed class ConnectStream(Stream body)
{
    /// <summary>The content type of both sides.</summary>
    public const string ContentType = "application/connect+json";

    private const int PrefixBytes = 5;
    private const byte End = 2;
    private const int MostBytes = 16 * 1024 * 1024;

    /// <summary>A request, with its prefix.</summary>
    public static byte[] Enveloped(string json)
    {
        var text = System.Text.Encoding.UTF8.GetBytes(json);
        var message = new byte[PrefixBytes + text.Length];
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), text.Length);
        text.CopyTo(message, PrefixBytes);
        return message;
    }

    /// <summary>The next response; null once it ended well.</summary>
    /// <exception cref="Refusal">It ended otherwise.</exception>
    /// <exception cref="IOException">It broke off.</exception>
    public async Task<TResponse?> Next<TResponse>(JsonParser parser, CancellationToken cancellation)
        where TResponse : class, IMessage<TResponse>, new()
    {
        var prefix = new byte[PrefixBytes];
        await body.ReadExactlyAsync(prefix, cancellation);
        var length = BinaryPrimitives.ReadInt32BigEndian(prefix.AsSpan(1));
        if (length is < 0 or > MostBytes)
        {
            throw new IOException($"A message of {(uint)length} bytes came.");
        }

        var message = new byte[length];
        await body.ReadExactlyAsync(message, cancellation);
        var text = System.Text.Encoding.UTF8.GetString(message);
        if ((prefix[0] & End) == 0)
        {
            return parser.Parse<TResponse>(text);
        }

        using var end = JsonDocument.Parse(text);
        return end.RootElement.TryGetProperty("error", out var error) ? throw Refused(error) : null;
    }

    private static Refusal Refused(JsonElement error)
    {
        var (code, message) = (error.GetProperty("code").GetString(), error.TryGetProperty("message", out var text) ? text.GetString() : null);
        return new Refusal(ExitCode.Failed, message is { Length: > 0 } ? message : $"The stream ended: {code}.") { MayPass = code == "unavailable" };
    }
}
