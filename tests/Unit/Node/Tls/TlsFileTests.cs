using Latecomer.Node.Cli;
using Latecomer.Node.Tls;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.Tls;
using Microsoft.Extensions.Logging.Abstractions;

namespace Latecomer.Tests.Unit.Node.Tls;

/// <summary>What a node finds in the files of TLS, at the start and later.</summary>
public sealed class TlsFileTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _ours;
    private readonly TestAuthority _other;
    private readonly FakeClock _clock = new();
    private readonly TestCertificate _node;

    public TlsFileTests()
    {
        _ours = new TestAuthority(_folder.Path, "ours");
        _other = new TestAuthority(_folder.Path, "other");
        _node = _ours.ForNode("node");
    }

    public void Dispose()
    {
        _ours.Dispose();
        _other.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void What_is_wrong_with_a_file_is_said_with_its_flag()
    {
        var nothing = Path.Combine(_folder.Path, "nothing");
        File.WriteAllText(nothing, "nothing");
        var broken = Path.Combine(_folder.Path, "broken");
        File.WriteAllText(broken, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        Refused(Files("missing", _node.Key)).ShouldStartWith("--tls-certificate: missing cannot be read: ");
        Refused(Files(_node.File, "missing")).ShouldStartWith("--tls-key: missing cannot be read: ");
        Refused(Files(nothing, _node.Key)).ShouldBe($"--tls-certificate: {nothing} holds no certificate; a PEM file with '-----BEGIN CERTIFICATE-----' is expected.");
        Refused(Files(broken, _node.Key)).ShouldBe($"--tls-certificate: {broken} holds a certificate that cannot be read; a PEM file is expected.");
        Refused(Files(_node.File, nothing)).ShouldBe($"--tls-key: {nothing} holds no key; a PEM file with '-----BEGIN PRIVATE KEY-----' is expected.");
        Refused(Files(_node.File, _ours.ForNode("b").Key)).ShouldContain($"does not hold the key of the first certificate in {_node.File} (--tls-certificate).");
        Refused(Files(_node.File, _node.Key) with { ClientCa = new PemFile("--tls-client-ca", _node.File) }).ShouldBe($"--tls-client-ca: {_node.File} holds no root: no certificate in it is signed by itself.");
    }

    [Fact]
    public void A_certificate_that_other_nodes_would_not_take_is_refused()
    {
        var files = Files(_node.File, _node.Key);
        NotAmongNodes(files with { Ca = new PemFile("--tls-ca", _other.File) }).ShouldContain("signed by an authority that is not trusted (CN=ours issuer). Say by --tls-ca FILE");
        var known = files with { Ca = new PemFile("--tls-ca", _ours.File) };
        Open(known).CheckAmongNodes();
        Open(known with { ClientCa = new PemFile("--tls-client-ca", _ours.File) }).CheckAmongNodes();
        NotAmongNodes(known with { ClientCa = new PemFile("--tls-client-ca", _other.File) }).ShouldContain($"{_other.File} (--tls-client-ca) needs the authority of their certificates too");
        var server = _ours.ForServer("server");
        NotAmongNodes(Files(server.File, server.Key) with { Ca = known.Ca, ClientCa = new PemFile("--tls-client-ca", _ours.File) }).ShouldContain("it is not made for this use (extended key usage)");
        var expired = _ours.Expired("expired");
        NotAmongNodes(Files(expired.File, expired.Key) with { Ca = known.Ca }).ShouldContain("is valid at another time");
    }

    [Fact]
    public void A_root_that_comes_with_the_certificate_is_trusted()
    {
        File.AppendAllText(_node.File, File.ReadAllText(_ours.File));
        var tls = Open(Files(_node.File, _node.Key));
        tls.CheckAmongNodes();
        tls.OfNodes.ShouldNotBeNull();
    }

    [Fact]
    public void Files_that_change_count_a_second_later_and_broken_ones_never()
    {
        var tls = Open(Files(_node.File, _node.Key));
        var first = tls.Own!;
        var next = _ours.ForNode("next");
        File.Copy(next.File, _node.File, overwrite: true);
        tls.Own.ShouldBeSameAs(first, "nobody looks twice within a second");
        _clock.Advance(Second);
        tls.Own.ShouldBeSameAs(first, "the key is not its own yet");
        File.Delete(_node.Key);
        _clock.Advance(Second);
        tls.Own.ShouldBeSameAs(first, "the key is not there");
        File.Copy(next.Key, _node.Key);
        _clock.Advance(Second);
        tls.Own!.Leaf.Subject.ShouldBe("CN=next");
        var second = tls.Own;
        _clock.Advance(Second);
        tls.Own.ShouldBeSameAs(second);
    }

    private static TlsFiles Files(string certificate, string key) => new() { Certificate = new PemFile("--tls-certificate", certificate), Key = new PemFile("--tls-key", key) };

    private NodeTls Open(TlsFiles files) => NodeTls.Open(files, _clock, NullLogger.Instance);

    private string Refused(TlsFiles files) => Sentence(() => Open(files));

    private string NotAmongNodes(TlsFiles files) => Sentence(() => Open(files).CheckAmongNodes());

    private static string Sentence(Action act)
    {
        var refusal = Should.Throw<Refusal>(act);
        refusal.Code.ShouldBe(ExitCode.Usage);
        return refusal.Message;
    }
}
