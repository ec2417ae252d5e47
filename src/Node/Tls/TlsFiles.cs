namespace Latecomer.Node.Tls;

/// <summary>The files by which a node proves itself and knows others; all are PEM.</summary>
internal sealed record TlsFiles
{
    /// <summary>No TLS.</summary>
    public static TlsFiles None { get; } = new();

    /// <summary>The node's certificate, and those between it and its root.</summary>
    public PemFile? Certificate { get; init; }

    /// <summary>Its key.</summary>
    public PemFile? Key { get; init; }

    /// <summary>The authorities of those who may call; null if callers are not asked for certificates.</summary>
    public PemFile? ClientCa { get; init; }

    /// <summary>Whether a caller without a certificate is turned away, if callers are asked.</summary>
    public bool AreClientsRequired { get; init; } = true;

    /// <summary>The authorities of the other nodes; null for the roots in <see cref="Certificate"/>, or the system's if there are none.</summary>
    public PemFile? Ca { get; init; }

    /// <summary>Whether the node serves TLS.</summary>
    public bool Serves => Certificate is not null;
}
