using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Latecomer.Node.Tls;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.Tls;

namespace Latecomer.Tests.Integration.Tls;

/// <summary>The files and the clients of tests of TLS.</summary>
internal sealed class TlsNode : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TlsNode()
    {
        Ours = new TestAuthority(_folder.Path, "ours");
        Other = new TestAuthority(_folder.Path, "other");
        Node = Ours.ForNode("node");
    }

    public TestAuthority Ours { get; }

    public TestAuthority Other { get; }

    /// <summary>The node's certificate.</summary>
    public TestCertificate Node { get; }

    public string Data => Path.Combine(_folder.Path, "data");

    public static Uri AnyPort { get; } = new("https://127.0.0.1:0");

    /// <summary>What the node is told.</summary>
    public TlsFiles Files => new() { Certificate = new PemFile("--tls-certificate", Node.File), Key = new PemFile("--tls-key", Node.Key) };

    /// <summary>What it is told to ask callers for certificates of our authority, and to take nodes that have them.</summary>
    public TlsFiles Mutual => Files with { ClientCa = new PemFile("--tls-client-ca", Ours.File), Ca = new PemFile("--tls-ca", Ours.File) };

    /// <summary>A client's connections: it trusts our authority, and presents a certificate or none.</summary>
    public SocketsHttpHandler Handler(TestCertificate? presented = null)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(Ours.Root);
        var own = presented is null ? null : OwnCertificate.Read(new PemFile("", presented.File), File.ReadAllText(presented.File), new PemFile("", presented.Key), File.ReadAllText(presented.Key));
        return new SocketsHttpHandler { UseProxy = false, SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy, ClientCertificateContext = own?.Presented } };
    }

    /// <summary>Asks once over a new connection.</summary>
    public async Task<HttpStatusCode> Ask(Uri address, TestCertificate? presented = null, Version? version = null)
    {
        using var http = new HttpClient(Handler(presented));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, "/healthz")) { Version = version ?? HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var response = await http.SendAsync(request);
        response.Version.ShouldBe(request.Version);
        return response.StatusCode;
    }

    public void Dispose()
    {
        Ours.Dispose();
        Other.Dispose();
        _folder.Dispose();
    }
}
