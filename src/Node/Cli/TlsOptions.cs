using System.CommandLine;
using Latecomer.Node.Tls;

namespace Latecomer.Node.Cli;

/// <summary>By what the commands that ask a node know it, and prove themselves to it.</summary>
internal sealed class TlsOptions
{
    private const string CaVariable = "LATECOMER_CA";
    private const string CertificateVariable = "LATECOMER_CLIENT_CERTIFICATE";
    private const string KeyVariable = "LATECOMER_CLIENT_KEY";

    private readonly Option<string?> _ca = Named("--ca", $"The authorities of the node's certificate (PEM), and no others; {CaVariable}, or those of the system, when not given.");
    private readonly Option<string?> _certificate = Named("--client-certificate", $"The certificate to present to the node (PEM); {CertificateVariable}, or none, when not given.");
    private readonly Option<string?> _key = Named("--client-key", $"Its key (PEM, without a password); {KeyVariable} when not given.");

    /// <summary>Adds them to a command and all below it.</summary>
    public void On(Command command)
    {
        command.Options.Add(_ca);
        command.Options.Add(_certificate);
        command.Options.Add(_key);
    }

    /// <summary>What the command line and the environment say.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="ca">The authorities of the node, if they do not say.</param>
    /// <exception cref="Refusal">A file is wrong, or one is of no use without another.</exception>
    public ClientTls Read(ParseResult parsed, PemFile? ca = null)
    {
        var (certificate, key) = (File(parsed, _certificate, CertificateVariable), File(parsed, _key, KeyVariable));
        return (certificate is null) == (key is null)
            ? ClientTls.Open(File(parsed, _ca, CaVariable) ?? ca, certificate, key)
            : throw new Refusal(ExitCode.Usage, certificate is null ? $"{key!.Flag}: a key is of no use without its certificate; say {_certificate.Name} too." : $"{certificate.Flag}: a certificate is of no use without its key; say {_key.Name} too.");
    }

    private static PemFile? File(ParseResult parsed, Option<string?> option, string variable) =>
        parsed.GetValue(option) is { Length: > 0 } given ? new PemFile(option.Name, given)
        : Environment.GetEnvironmentVariable(variable) is { Length: > 0 } path ? new PemFile(variable, path)
        : null;

    private static Option<string?> Named(string name, string description) => new(name) { Description = description, HelpName = "file", Recursive = true };
}
