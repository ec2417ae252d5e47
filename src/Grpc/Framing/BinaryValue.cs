namespace Latecomer.Grpc;

/// <summary>Bytes as the value of a header whose name ends in <c>-bin</c>: base64, sent without padding, read with or without (<c>Binary-Header</c> of gRPC over HTTP/2).</summary>
internal static class BinaryValue
{
    /// <summary>Writes it.</summary>
    public static string Encode(ReadOnlySpan<byte> value) => Convert.ToBase64String(value).TrimEnd('=');

    /// <summary>Reads it; null if it is none.</summary>
    public static byte[]? TryDecode(string text)
    {
        var bare = text.TrimEnd('=');
        var padded = bare.PadRight((bare.Length + 3) / 4 * 4, '=');
        var bytes = new byte[padded.Length / 4 * 3];
        return Convert.TryFromBase64String(padded, bytes, out var length) ? bytes[..length] : null;
    }
}
