using System.Net.Security;
using Latecomer.Node.Cli;

namespace Latecomer.Node.Tls;

/// <summary>How a client knows a node, and proves itself to it.</summary>
internal sealed class ClientTls
{
    private readonly Authorities? _authorities;
    private readonly PemFile? _certificate;
    private readonly OwnCertificate? _own;
    private volatile string? _problem;

    private ClientTls(PemFile? ca, PemFile? certificate, PemFile? key)
    {
        _authorities = ca is null ? null : Authorities.Read(ca, ca.Text());
        _certificate = certificate;
        _own = certificate is null || key is null ? null : OwnCertificate.Read(certificate, certificate.Text(), key, key.Text());
    }

    /// <summary>By the files that are given.</summary>
    /// <param name="ca">The authorities of nodes; null for the system's.</param>
    /// <param name="certificate">The client's certificate, and those between it and its root; null for none.</param>
    /// <param name="key">Its key.</param>
    /// <exception cref="Refusal">A file is wrong.</exception>
    public static ClientTls Open(PemFile? ca, PemFile? certificate, PemFile? key) => new(ca, certificate, key);

    /// <summary>How a connection to a host begins.</summary>
    public SslClientAuthenticationOptions To(string host) => new()
    {
        ClientCertificateContext = _own?.Presented,
        CertificateChainPolicy = _authorities?.ForServers(),
        RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
        {
            _problem = errors == SslPolicyErrors.None ? null
                : $"{CertificateProblem.Of(errors, certificate, chain, host)}. {Advice(errors)}";
            return _problem is null;
        },
    };

    /// <summary>Why there was no answer, if TLS may be the reason; null if it is none.</summary>
    public string? Explain(Exception e, Uri server)
    {
        var isSecure = server.Scheme == Uri.UriSchemeHttps;
        return e switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } when _problem is { } problem => $"The certificate of the node at {server} is not taken: {problem}",
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } or not HttpRequestException => null,
            { InnerException: System.Security.Authentication.AuthenticationException } when isSecure =>
                $"What answers at {server} does not speak TLS: if it is a node without a certificate, name it by http:// with --server.",
            _ when isSecure && _own is null => $"The node at {server} ended the connection without an answer: if it asks for a certificate, present one by --client-certificate FILE and --client-key FILE.",
            _ when isSecure => $"The node at {server} ended the connection without an answer: it may not take the certificate in {_certificate!.Path} ({_certificate.Flag}).",
            _ => $"No node answers at {server}, for the connection ended: if it serves TLS, name it by https:// with --server.",
        };
    }

    private static string Advice(SslPolicyErrors errors) => errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
        ? "Name it by --server as its certificate does."
        : "Say by --ca FILE which authority it is from.";
}
