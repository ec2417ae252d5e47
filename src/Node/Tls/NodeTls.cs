using System.Net.Security;
using Latecomer.Node.Cli;
using Microsoft.Extensions.Logging;

namespace Latecomer.Node.Tls;

/// <summary>How a node proves itself and knows others: whoever calls it, and the nodes that it calls. Files that change count from then on.</summary>
internal sealed class NodeTls
{
    private static readonly List<SslApplicationProtocol> Protocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];

    private readonly TlsFiles _files;
    private readonly WatchedFiles<OwnCertificate>? _own;
    private readonly WatchedFiles<Authorities>? _callers;
    private readonly WatchedFiles<Authorities>? _others;

    private NodeTls(TlsFiles files, TimeProvider time, ILogger log)
    {
        _files = files;
        _own = files is { Certificate: { } certificate, Key: { } key }
            ? new WatchedFiles<OwnCertificate>([certificate, key], texts => OwnCertificate.Read(certificate, texts[0], key, texts[1]), time, log)
            : null;
        _callers = Watched(files.ClientCa, time, log);
        _others = Watched(files.Ca, time, log);
    }

    /// <summary>Whether the node serves TLS.</summary>
    public bool Serves => _own is not null;

    /// <summary>By what it proves itself now; null if by nothing.</summary>
    public OwnCertificate? Own => _own?.Current;

    /// <summary>Whom it trusts to say who other nodes are; null for the system's authorities. The same object until it changes.</summary>
    public Authorities? OfNodes => _others is not null ? _others.Current : Own?.Roots;

    /// <summary>Reads the files.</summary>
    /// <exception cref="Refusal">One is wrong; the sentence names it and its flag.</exception>
    public static NodeTls Open(TlsFiles files, TimeProvider time, ILogger log) => new(files, time, log);

    /// <summary>Checks that other nodes, told the same, will know this one, and it them.</summary>
    /// <exception cref="Refusal">They would not.</exception>
    public void CheckAmongNodes()
    {
        if (Own is not { } own)
        {
            return;
        }

        if (OfNodes is { } authorities && Authorities.Objection(own, authorities.ForServers()) is { } asServer)
        {
            throw _files.Certificate!.Wrong($"would not be taken by the other nodes: {asServer}. Say by --tls-ca FILE which authority the nodes' certificates are from.");
        }

        if (_callers is { } callers && Authorities.Objection(own, callers.Current.ForClients()) is { } asClient)
        {
            throw _files.Certificate!.Wrong($"would not be taken by the other nodes as a client's: {asClient}. Nodes call each other, so {_files.ClientCa!.Path} ({_files.ClientCa.Flag}) needs the authority of their certificates too, and those the use 'client'.");
        }
    }

    /// <summary>How one connection of a caller begins.</summary>
    public SslServerAuthenticationOptions ForCaller()
    {
        var asks = _callers is not null;
        return new SslServerAuthenticationOptions
        {
            ApplicationProtocols = Protocols,
            ServerCertificateContext = Own!.Presented,
            ClientCertificateRequired = asks,
            CertificateChainPolicy = _callers?.Current.ForClients(),
            RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                !asks || (certificate is null ? !_files.AreClientsRequired : errors == SslPolicyErrors.None),
        };
    }

    /// <summary>How a connection to another node begins.</summary>
    public static SslClientAuthenticationOptions ForNode(OwnCertificate? own, Authorities? authorities) => new()
    {
        ClientCertificateContext = own?.Presented,
        CertificateChainPolicy = authorities?.ForServers(),
    };

    private static WatchedFiles<Authorities>? Watched(PemFile? file, TimeProvider time, ILogger log) =>
        file is null ? null : new WatchedFiles<Authorities>([file], texts => Authorities.Read(file, texts[0]), time, log);
}
