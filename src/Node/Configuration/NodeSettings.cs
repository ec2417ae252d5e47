using System.CommandLine;
using Latecomer.Node.Cli;
using Latecomer.Node.Hosting;
using Latecomer.Node.Pipelines;
using Latecomer.Runtime;

namespace Latecomer.Node.Configuration;

/// <summary>The settings of <c>latecomer node</c>: each is a flag, an environment variable, and a key of a YAML file.</summary>
internal static class NodeSettings
{
    private const string ConfigVariable = "LATECOMER_CONFIG";

    private static readonly Setting Data = new("data", "folder", "The data folder; made if it does not exist. All nodes of a cluster are given the same.");

    private static readonly Setting Store = new(
        "store", "connection", "The PostgreSQL database of a cluster, such as 'Host=db.example;Database=latecomer;Username=latecomer;Password=...'. Without it the store is in the data folder, for this process alone.");

    private static readonly Setting Name = new("name", "name", "The node's name, the same after a restart; by default the machine's.");

    private static readonly Setting Listen = new("listen", "address", $"Where to listen; port 0 takes a free one. By default {HostOptions.DefaultListen}, and with TLS {HostOptions.DefaultTlsListen}.");

    private static readonly Setting Grpc = new(
        "grpc", "address", $"Where to be called by gRPC; port 0 takes a free one. By default the port after that of --listen: {HostOptions.DefaultGrpc}. With TLS it is the port of --listen.");

    private static readonly Setting Advertise = new("advertise", "address", "Where the other nodes reach this one; by default where it listens, by the machine's name if that is everywhere.");

    private static readonly Setting Nodes = new("nodes", "number", "How many nodes share the work in this process, if it has no --store. By default 1.");

    private static readonly Setting Tokens = new(
        "tokens", "required|off", "Whether callers need a token. By default only where others than this machine can call; 'off' is for this machine alone.");

    private static readonly Setting CallsPerSecond = new("calls-per-second", "number", "How many calls a second each caller may make, by its token or address; 0 for any number. By default 1000 where tokens are required, else 0.");

    private static readonly Setting Heartbeat = new("heartbeat", "time", "How often a node says that it lives. By default 1s.");

    private static readonly Setting Expiry = new(
        "expiry", "time", "How long after its last heartbeat others take over what a node had; it stops by itself before that. More than two heartbeats. By default 4s.");

    private const int UsualCallsPerSecond = 1000;

    private static readonly Option<string?> Config = new("--config")
    {
        Description = $"A YAML file with these settings by their names, such as 'data: DIR'. Flags come before variables, and both before the file. [{ConfigVariable}]",
        HelpName = "file",
    };

    private static readonly Setting[] All = [Data, Store, Name, Listen, Grpc, Advertise, Tokens, CallsPerSecond, .. TlsSettings.All, Nodes, Heartbeat, Expiry, .. RetentionSettings.All];

    /// <summary>Their flags.</summary>
    public static IEnumerable<Option> Options => [.. All.Select(s => s.Option), Config];

    /// <summary>Reads them.</summary>
    /// <exception cref="Refusal">One is wrong or missing.</exception>
    public static HostOptions Read(ParseResult flags, Func<string, string?> environment)
    {
        var file = flags.GetValue(Config) ?? environment(ConfigVariable);
        var sources = new SettingSources(flags, environment, string.IsNullOrEmpty(file) ? null : ReadFile(file));
        var tls = TlsSettings.Read(sources);
        var options = new HostOptions
        {
            Data = sources.Get<string?>(Data, text => text, otherwise: null)
                ?? throw new Refusal(ExitCode.Usage, $"Say where the data folder is: --data DIR, or {Data.Variable}, or 'data' in the configuration file."),
            Store = sources.Get<string?>(Store, text => text, otherwise: null),
            Name = sources.Get<string?>(Name, NodeName.Parse, otherwise: null),
            Listen = sources.Get(Listen, SettingText.Address, new Uri(tls.Serves ? HostOptions.DefaultTlsListen : HostOptions.DefaultListen)),
            Grpc = sources.Get<Uri?>(Grpc, SettingText.Address, otherwise: null),
            Advertise = sources.Get<Uri?>(Advertise, SettingText.Address, otherwise: null),
            Tls = tls,
            Nodes = sources.Get(Nodes, SettingText.Nodes, otherwise: 1),
            Runtime = RetentionSettings.Read(sources, Lives(sources)),
        };
        if (options is { Store: not null, Nodes: > 1 })
        {
            throw sources.Wrong(Nodes, "a process is one node of a cluster; with --store, start more processes instead.");
        }

        return TlsSettings.Checked(WithAccess(options, sources), sources, Listen, Grpc);
    }

    private static HostOptions WithAccess(HostOptions options, SettingSources sources)
    {
        options = options with { Tokens = sources.Get<bool?>(Tokens, SettingText.Required, otherwise: null) };
        return options is { Tokens: false, IsLocal: false }
            ? throw sources.Wrong(Tokens, "a node that others than this machine can call asks for tokens; listen on 127.0.0.1, or leave this out.")
            : options with { CallsPerSecond = sources.Get(CallsPerSecond, SettingText.CallsPerSecond, options.AsksForTokens ? UsualCallsPerSecond : null) };
    }

    private static RuntimeSettings Lives(SettingSources sources)
    {
        var usual = new RuntimeSettings();
        var heartbeat = sources.Get(Heartbeat, SettingText.Time, usual.Heartbeat);
        var expiry = sources.Get(Expiry, SettingText.Time, usual.Lifetime);
        if (expiry <= 2 * heartbeat)
        {
            throw sources.Wrong(Expiry, $"the expiry, {expiry.TotalSeconds} s, must be more than two heartbeats of {heartbeat.TotalSeconds} s, or a node would expire when one is late.");
        }

        // A part of what is left after a heartbeat that came in time, so that a node which stops by itself has not expired yet.
        return usual with { Heartbeat = heartbeat, Lifetime = expiry, WatchdogMargin = Least(usual.WatchdogMargin, (expiry - heartbeat) / 4) };
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static YamlSection? ReadFile(string path)
    {
        try
        {
            return YamlText.Root(File.ReadAllText(path), path, "a configuration file") is { } root
                ? new YamlSection(path, "the configuration", root, [.. All.Select(s => s.Name)])
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new Refusal(ExitCode.Usage, $"The configuration file {path} cannot be read: {e.Message}", e);
        }
    }
}
