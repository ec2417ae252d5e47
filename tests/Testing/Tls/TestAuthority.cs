using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Latecomer.Tests.Testing.Tls;

/// <summary>An authority of a test's own: a root, and one below it that issues certificates; all are PEM files in a folder.</summary>
public sealed class TestAuthority : IDisposable
{
    private const string Server = "1.3.6.1.5.5.7.3.1";
    private const string Client = "1.3.6.1.5.5.7.3.2";

    private static readonly TimeSpan Validity = TimeSpan.FromDays(2);

    private readonly string _folder;
    private readonly string _name;
    private readonly X509Certificate2 _issuer;

    public TestAuthority(string folder, string name)
    {
        (_folder, _name) = (folder, name);
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Root = Authority($"CN={name} root", rootKey).CreateSelfSigned(DateTimeOffset.UtcNow - Validity, DateTimeOffset.UtcNow + Validity);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var issuer = Issue(Authority($"CN={name} issuer", key), Root, Validity);
        _issuer = issuer.CopyWithPrivateKey(key);
        File = Write("root", Root.ExportCertificatePem());
    }

    /// <summary>The file with the root.</summary>
    public string File { get; }

    public X509Certificate2 Root { get; }

    /// <summary>A certificate for servers on this machine, which clients take too, as nodes need it.</summary>
    public TestCertificate ForNode(string name) => Certificate(name, Validity, [Server, Client]);

    /// <summary>A certificate for servers on this machine that ended an hour ago.</summary>
    public TestCertificate Expired(string name) => Certificate(name, -TimeSpan.FromHours(1), [Server, Client]);

    /// <summary>A certificate for servers of another host.</summary>
    public TestCertificate ForHost(string host) => Certificate(host, Validity, [Server, Client], isLocal: false);

    /// <summary>A certificate for servers alone.</summary>
    public TestCertificate ForServer(string name) => Certificate(name, Validity, [Server]);

    /// <summary>A certificate for clients alone.</summary>
    public TestCertificate ForClient(string name) => Certificate(name, Validity, [Client]);

    public void Dispose()
    {
        Root.Dispose();
        _issuer.Dispose();
    }

    private static CertificateRequest Authority(string name, ECDsa key)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request;
    }

    private static X509Certificate2 Issue(CertificateRequest request, X509Certificate2 by, TimeSpan until) =>
        request.Create(by, DateTimeOffset.UtcNow - Validity + TimeSpan.FromHours(1), Least(new DateTimeOffset(by.NotAfter), DateTimeOffset.UtcNow + until), RandomNumberGenerator.GetBytes(12));

    private static DateTimeOffset Least(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private TestCertificate Certificate(string name, TimeSpan until, string[] uses, bool isLocal = true)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. uses.Select(u => new Oid(u))], critical: false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(isLocal ? "localhost" : name);
        if (isLocal)
        {
            names.AddIpAddress(IPAddress.Loopback);
        }

        request.CertificateExtensions.Add(names.Build());
        using var issued = Issue(request, _issuer, until);
        return new TestCertificate(Write($"{name}.crt", $"{issued.ExportCertificatePem()}\n{_issuer.ExportCertificatePem()}\n"), Write($"{name}.key", key.ExportPkcs8PrivateKeyPem()));
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, $"{_name}-{name}.pem");
        System.IO.File.WriteAllText(path, text);
        return path;
    }
}

/// <summary>A certificate of a test, with those between it and its root.</summary>
/// <param name="File">Its file.</param>
/// <param name="Key">The file of its key.</param>
public sealed record TestCertificate(string File, string Key);
