using System.CommandLine;
using Latecomer.Node.Hosting;
using Latecomer.Node.Http;
using Latecomer.Node.Tls;

namespace Latecomer.Node.Cli;

/// <summary>What all commands that ask a node share: which node, and how its answer is printed. Each setting is the flag's, else the environment's, else the
/// context's, else the default.</summary>
/// <param name="session">What stands for environment, context and default in a session that is connected already; null outside.</param>
internal sealed class ClientOptions(Connection? session = null)
{
    private const string ServerVariable = "LATECOMER_SERVER";
    private const string ContextVariable = "LATECOMER_CONTEXT";
    private const string TokenVariable = "LATECOMER_TOKEN";

    private readonly Option<Uri?> _server = new("--server")
    {
        Description = $"The node's address; {ServerVariable}, the context's, or {HostOptions.DefaultListen}, when not given.",
        HelpName = "address",
        Recursive = true,
        CustomParser = result =>
        {
            try
            {
                return ServerAddress.Parse(result.Tokens[0].Value);
            }
            catch (FormatException e)
            {
                result.AddError($"--server {e.Message}");
                return null;
            }
        },
    };

    private readonly Option<string?> _context = new("--context")
    {
        Description = $"The context that says which node, see 'latecomer context'; {ContextVariable}, or the current one, when not given.",
        HelpName = Names.Context,
        Recursive = true,
    };

    private readonly Option<string?> _tokenFile = new("--token-file")
    {
        Description = $"The file with the token by which the node knows the caller; {TokenVariable}, which holds the token itself, or the context's, when not given.",
        HelpName = Names.File,
        Recursive = true,
    };

    private readonly TlsOptions _tls = new();
    private readonly OutputOption _output = new();

    /// <summary>Adds them to a command and all below it.</summary>
    public Command On(Command command)
    {
        Naming(command).Options.Add(_output);
        return command;
    }

    /// <summary>Adds those that name a node.</summary>
    public Command Naming(Command command)
    {
        command.Options.Add(_server);
        command.Options.Add(_context);
        command.Options.Add(_tokenFile);
        _tls.On(command);
        return command;
    }

    /// <summary>Has a command ask a node.</summary>
    public Command Asking(Command command, Func<Asked, Task<int>> act)
    {
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = Client(parsed);
            return await act(new Asked(parsed, client, Printer(parsed), cancellation));
        });
        return command;
    }

    /// <summary>Which node the command line names, and how it is asked.</summary>
    /// <exception cref="Refusal">What names it is wrong.</exception>
    public Connection Connection(ParseResult parsed)
    {
        var given = parsed.GetValue(_server);
        if (session is not null && parsed.GetValue(_context) is null)
        {
            return given is null || given == session.Server ? session : new Connection(given, Token(parsed)) { Tls = _tls.Read(parsed) };
        }

        var server = given ?? (Variable(ServerVariable) is { } variable ? ServerAddress.Parse(variable, ServerVariable) : null);
        if (Context(parsed) is not { } context)
        {
            return new Connection(server ?? new Uri(HostOptions.DefaultListen), Token(parsed)) { Tls = _tls.Read(parsed) };
        }

        // A context's token is for its own server, and for nobody else who is named beside it.
        return server is null || server == context.Server
            ? new Connection(context.Server, Token(parsed) ?? context.Token)
            {
                Context = context.Name,
                Tls = _tls.Read(parsed, context.Ca is { } ca ? new PemFile($"the context {context.Name}", ca) : null),
            }
            : new Connection(server, Token(parsed)) { Tls = _tls.Read(parsed) };
    }

    /// <summary>Whether the command line itself names a node.</summary>
    public bool NamesNode(ParseResult parsed) => parsed.GetValue(_server) is not null || parsed.GetValue(_context) is not null;

    /// <summary>A client of the node that the command line names.</summary>
    public ApiClient Client(ParseResult parsed) => new(Connection(parsed));

    /// <summary>Where the answer goes.</summary>
    public Printer Printer(ParseResult parsed) => _output.Printer(parsed);

    private string? Token(ParseResult parsed) => parsed.GetValue(_tokenFile) is { } path ? TokenFile.Read(path) : Variable(TokenVariable);

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private ClientContext? Context(ParseResult parsed)
    {
        var file = ContextFile.Read(Environment.GetEnvironmentVariable);
        if (file is { HasTokens: true, IsOpenToOthers: true })
        {
            Console.Error.WriteLine($"latecomer: {file.Path} holds a token and may be read by others: chmod 600 it.");
        }

        return (parsed.GetValue(_context) ?? Variable(ContextVariable) ?? file.Current) is { } name ? file.Get(name) : null;
    }
}
