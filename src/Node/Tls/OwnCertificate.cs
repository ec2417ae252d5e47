using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Latecomer.Node.Cli;

namespace Latecomer.Node.Tls;

/// <summary>A certificate with its key, and those between it and its root, ready to be presented.</summary>
/// <param name="Leaf">The certificate.</param>
/// <param name="Chain">All that came with it.</param>
/// <param name="Presented">As it goes out.</param>
internal sealed record OwnCertificate(X509Certificate2 Leaf, X509Certificate2Collection Chain, SslStreamCertificateContext Presented)
{
    /// <summary>The authorities that came with it; null if there is no root among them.</summary>
    public Authorities? Roots { get; } = Authorities.Of([Leaf, .. Chain]);

    /// <summary>Reads it.</summary>
    /// <exception cref="Refusal">A file is none of the kind, or they do not belong together.</exception>
    public static OwnCertificate Read(PemFile certificate, string certificateText, PemFile key, string keyText)
    {
        var all = Certificates(certificate, certificateText);
        using var bare = all[0];
        var leaf = WithKey(bare, key, keyText, certificate);
        all.RemoveAt(0);
        return new OwnCertificate(leaf, all, SslStreamCertificateContext.Create(leaf, all, offline: true));
    }

    /// <summary>All certificates of a file.</summary>
    /// <exception cref="Refusal">There is none.</exception>
    public static X509Certificate2Collection Certificates(PemFile file, string text)
    {
        var all = new X509Certificate2Collection();
        try
        {
            all.ImportFromPem(text);
        }
        catch (CryptographicException e)
        {
            throw file.Wrong("holds a certificate that cannot be read; a PEM file is expected.", e);
        }

        return all.Count > 0 ? all : throw file.Wrong("holds no certificate; a PEM file with '-----BEGIN CERTIFICATE-----' is expected.");
    }

    private static X509Certificate2 WithKey(X509Certificate2 bare, PemFile key, string keyText, PemFile certificate)
    {
        try
        {
            return X509Certificate2.CreateFromPem(bare.ExportCertificatePem(), keyText);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw keyText.Contains("ENCRYPTED", StringComparison.Ordinal)
                ? key.Wrong("holds a key with a password; a key without one is expected.", e)
                : keyText.Contains("PRIVATE KEY-----", StringComparison.Ordinal)
                    ? key.Wrong($"does not hold the key of the first certificate in {certificate.Path} ({certificate.Flag}).", e)
                    : key.Wrong("holds no key; a PEM file with '-----BEGIN PRIVATE KEY-----' is expected.", e);
        }
    }
}
