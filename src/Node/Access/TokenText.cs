using System.Buffers.Text;
using System.Security.Cryptography;

namespace Latecomer.Node.Access;

/// <summary>Tokens as their bearers have them: <c>lct_</c>, by which scanners for lost secrets know them, and 32 random bytes in the letters of base64url.</summary>
internal static class TokenText
{
    private const string Prefix = "lct_";
    private const int Bytes = 32;

    /// <summary>Makes one up.</summary>
    public static string Make() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>Whether a text looks like one.</summary>
    public static bool IsToken(string text) => text.StartsWith(Prefix, StringComparison.Ordinal) && text.Length >= Prefix.Length + Base64Url.GetEncodedLength(Bytes);
}
