using System.CommandLine;
using Latecomer.Node.Hosting;
using Latecomer.Node.Http;

namespace Latecomer.Node.Cli;

/// <summary>What all commands that ask a node share: which node, and how its answer is printed.</summary>
internal sealed class ClientOptions
{
    private const string ServerVariable = "LATECOMER_SERVER";

    private readonly Option<Uri> _server = new("--server")
    {
        Description = $"The node's address; {ServerVariable}, or {HostOptions.DefaultListen}, when not given.",
        HelpName = "address",
        Recursive = true,
        DefaultValueFactory = result => Parse(result, Environment.GetEnvironmentVariable(ServerVariable) is { Length: > 0 } address ? address : HostOptions.DefaultListen, ServerVariable),
        CustomParser = result => Parse(result, result.Tokens[0].Value, "--server"),
    };

    private readonly OutputOption _output = new();

    /// <summary>Adds them to a command and all below it.</summary>
    public Command On(Command command)
    {
        command.Options.Add(_server);
        command.Options.Add(_output);
        return command;
    }

    /// <summary>A client of the node that the command line names.</summary>
    public ApiClient Client(ParseResult parsed) => new(parsed.GetValue(_server)!);

    /// <summary>Where the answer goes.</summary>
    public Printer Printer(ParseResult parsed) => new(Console.Out, _output.IsJson(parsed));

    /// <summary>Whether the answer is for a program.</summary>
    public bool IsJson(ParseResult parsed) => _output.IsJson(parsed);

    private static Uri Parse(System.CommandLine.Parsing.ArgumentResult result, string text, string source)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps))
        {
            return address;
        }

        result.AddError($"{source} takes an address such as {HostOptions.DefaultListen}, not '{text}'.");
        return new Uri(HostOptions.DefaultListen);
    }
}
