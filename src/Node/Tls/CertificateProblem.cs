using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Latecomer.Node.Tls;

/// <summary>What is wrong with a certificate, in words.</summary>
internal static class CertificateProblem
{
    /// <summary>What a handshake found.</summary>
    public static string Of(SslPolicyErrors errors, X509Certificate? certificate, X509Chain? chain, string host) =>
        errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) || certificate is null ? "it presents none"
        : errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) ? $"it is for {NamesOf((X509Certificate2)certificate)}, not for {host}"
        : chain is null ? "it is not trusted"
        : Of(chain);

    /// <summary>What building a chain found.</summary>
    public static string Of(X509Chain chain)
    {
        var flags = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status);
        var leaf = chain.ChainElements is { Count: > 0 } elements ? elements[0].Certificate : null;
        return flags.HasFlag(X509ChainStatusFlags.NotTimeValid) ? leaf is null ? "it is not valid now" : $"it, or one that signed it, is valid at another time (it is from {leaf.NotBefore:u} to {leaf.NotAfter:u})"
            : flags.HasFlag(X509ChainStatusFlags.NotValidForUsage) ? "it is not made for this use (extended key usage)"
            : (flags & (X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot)) != X509ChainStatusFlags.NoError ? $"it is signed by an authority that is not trusted ({leaf?.Issuer})"
            : string.Join(", ", chain.ChainStatus.Select(s => s.StatusInformation.Trim()));
    }

    private static string NamesOf(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(e => e.EnumerateDnsNames().Concat(e.EnumerateIPAddresses().Select(a => a.ToString()))).ToList();
        return names.Count > 0 ? string.Join(", ", names) : certificate.Subject;
    }
}
