using System.Security.Cryptography;
using System.Text;

namespace Latecomer.Node.Hints;

/// <summary>Proves that a message between nodes comes from one that may use the store: a code over its body, made with the store's secret. The secret
/// itself does not travel. A message can be sent again by whoever has heard it; what is sent so must be harmless.</summary>
internal sealed class ClusterSecret(byte[] secret)
{
    /// <summary>The header that carries the proof.</summary>
    public const string Header = "Latecomer-Proof";

    private readonly string _nodeToken = $"lcn_{Convert.ToHexStringLower(HMACSHA256.HashData(secret, "a node calls another"u8))}";

    /// <summary>The token by which a node calls another's API. It follows from the secret, and the secret does not follow from it.</summary>
    public string NodeToken => _nodeToken;

    /// <summary>Whether a token is that of a node. Takes as long whatever is wrong with it.</summary>
    public bool IsNodeToken(string token) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(_nodeToken));

    /// <summary>The proof for a body.</summary>
    public string Prove(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(HMACSHA256.HashData(secret, body));

    /// <summary>Whether a proof is that of a body. Takes as long whatever is wrong with it.</summary>
    public bool IsProof(string? proof, ReadOnlySpan<byte> body)
    {
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        return proof?.Length == 2 * given.Length
            && Convert.FromHexString(proof, given, out _, out _) == System.Buffers.OperationStatus.Done
            && CryptographicOperations.FixedTimeEquals(given, HMACSHA256.HashData(secret, body));
    }
}
