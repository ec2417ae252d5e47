using Latecomer.Node.Cli;
using Latecomer.Node.Hosting;
using Latecomer.Node.Tls;

namespace Latecomer.Node.Configuration;

/// <summary>By what a node proves itself, and knows others.</summary>
internal static class TlsSettings
{
    private static readonly Setting Certificate = new(
        "tls-certificate", "file", "The node's certificate and those between it and its root (PEM). With it the node serves TLS, for all on the port of --listen. Read again when it changes.");

    private static readonly Setting Key = new("tls-key", "file", "The key of the certificate (PEM, without a password).");

    private static readonly Setting ClientCa = new(
        "tls-client-ca", "file", "The authorities of those who may call (PEM): callers have to present a certificate of theirs. By default callers are not asked for any.");

    private static readonly Setting Client = new("tls-client", "required|optional", "Whether a caller without a certificate is turned away, with --tls-client-ca. By default 'required'.");

    private static readonly Setting Ca = new(
        "tls-ca", "file", "The authorities of the other nodes' certificates (PEM). By default the roots in --tls-certificate, or the system's if there are none.");

    /// <summary>They.</summary>
    public static IReadOnlyList<Setting> All { get; } = [Certificate, Key, ClientCa, Client, Ca];

    /// <summary>Reads them. The files are not looked at yet.</summary>
    /// <exception cref="Refusal">One is wrong, or of no use without another.</exception>
    public static TlsFiles Read(SettingSources sources)
    {
        var tls = new TlsFiles
        {
            Certificate = File(sources, Certificate),
            Key = File(sources, Key),
            ClientCa = File(sources, ClientCa),
            Ca = File(sources, Ca),
        };
        var required = sources.Get<bool?>(Client, IsRequired, otherwise: null);
        return tls switch
        {
            { Certificate: null, Key: not null } => throw sources.Wrong(Key, $"a key is of no use without its certificate; say {Certificate.Option.Name} too."),
            { Certificate: not null, Key: null } => throw sources.Wrong(Certificate, $"a certificate is of no use without its key; say {Key.Option.Name} too."),
            { Certificate: null, ClientCa: not null } => throw sources.Wrong(ClientCa, $"callers can be asked for certificates only over TLS; say {Certificate.Option.Name} and {Key.Option.Name} too."),
            { ClientCa: null } when required is not null => throw sources.Wrong(Client, $"callers are asked for certificates only by {ClientCa.Option.Name}; say that too."),
            _ => tls with { AreClientsRequired = required ?? true },
        };
    }

    /// <summary>Checks where a node listens.</summary>
    /// <exception cref="Refusal">It does not go with what it proves itself by.</exception>
    public static HostOptions Checked(HostOptions options, SettingSources sources, Setting listen, Setting grpc)
    {
        var scheme = options.Tls.Serves ? Uri.UriSchemeHttps : Uri.UriSchemeHttp;
        return options.Listen.Scheme != scheme
                ? throw sources.Wrong(listen, options.Tls.Serves
                    ? $"with {Certificate.Option.Name} that is an address such as {HostOptions.DefaultTlsListen}, not '{options.Listen.GetLeftPart(UriPartial.Authority)}'."
                    : $"https needs {Certificate.Option.Name} and {Key.Option.Name}.")
            : options is { Tls.Serves: true, Grpc: { } other } && other != options.Listen ? throw sources.Wrong(grpc, "with TLS one port serves all, that of --listen; leave this out.")
            : options is { Tls.Serves: false, Grpc.Scheme: not "http" } ? throw sources.Wrong(grpc, $"https needs {Certificate.Option.Name} and {Key.Option.Name}; all is on the port of --listen then.")
            : options;
    }

    private static PemFile? File(SettingSources sources, Setting setting) => sources.Get<PemFile?>(setting, text => new PemFile(setting.Option.Name, text), otherwise: null);

    private static bool? IsRequired(string text) => text switch
    {
        "required" => true,
        "optional" => false,
        _ => throw new FormatException($"that is 'required' or 'optional', not '{text}'."),
    };
}
