using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Latecomer.Node.Cli;

namespace Latecomer.Node.Tls;

/// <summary>Who is trusted to say who others are: these roots and nobody else, whatever the system trusts. Revocation lists are not asked for.</summary>
internal sealed class Authorities
{
    private static readonly Oid ServerUse = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ClientUse = new("1.3.6.1.5.5.7.3.2");

    private readonly X509Certificate2Collection _all;

    private Authorities(X509Certificate2Collection all) => _all = all;

    /// <summary>Reads them.</summary>
    /// <exception cref="Refusal">There is no root among them.</exception>
    public static Authorities Read(PemFile file, string text) =>
        Of(OwnCertificate.Certificates(file, text)) ?? throw file.Wrong("holds no root: no certificate in it is signed by itself.");

    /// <summary>Those of these certificates; null if there is no root among them.</summary>
    public static Authorities? Of(X509Certificate2Collection certificates) => certificates.Any(IsRoot) ? new Authorities(certificates) : null;

    /// <summary>How servers are checked.</summary>
    public X509ChainPolicy ForServers() => Policy(ServerUse);

    /// <summary>How clients are checked.</summary>
    public X509ChainPolicy ForClients() => Policy(ClientUse);

    /// <summary>Why a certificate would not be taken; null if it would.</summary>
    public static string? Objection(OwnCertificate own, X509ChainPolicy policy)
    {
        policy.ExtraStore.AddRange(own.Chain);
        using var chain = new X509Chain { ChainPolicy = policy };
        return chain.Build(own.Leaf) ? null : CertificateProblem.Of(chain);
    }

    private static bool IsRoot(X509Certificate2 certificate) => certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);

    private X509ChainPolicy Policy(Oid use)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        policy.ApplicationPolicy.Add(use);
        policy.CustomTrustStore.AddRange(_all);
        return policy;
    }
}
