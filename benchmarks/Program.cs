using System.CommandLine;
using System.Globalization;
using Latecomer.Benchmarks;
using Latecomer.Benchmarks.Calls;
using Latecomer.Benchmarks.Commands;
using Latecomer.Benchmarks.Failover;
using Latecomer.Benchmarks.Horizon;
using Latecomer.Benchmarks.Log;
using Latecomer.Benchmarks.Parquet;
using Latecomer.Benchmarks.Passivated;
using Latecomer.Benchmarks.Turns;

var commits = new Option<int>("--commits") { Description = "how long the log is", DefaultValueFactory = _ => 100_000 };
var rounds = new Option<int>("--rounds") { Description = "how often each program runs, in turns", DefaultValueFactory = _ => 5 };
var rows = new Option<int>("--rows") { Description = "how long the file is", DefaultValueFactory = _ => 10_000_000 };
var quick = new Option<bool>("--quick") { Description = "shows that it works; its figures say little" };
var seconds = new Option<double>("--seconds") { Description = "how long each measures", DefaultValueFactory = _ => 5 };
var windows = new Option<int>("--windows") { Description = "how often it measures while it is held", DefaultValueFactory = _ => 8 };
var failures = new Option<int>("--rounds") { Description = "how often each of them fails", DefaultValueFactory = _ => 10 };
var settings = new Option<string[]>("--settings")
{
    Description = "turns together x nodes x in flight, and x hears if who is told records nothing",
    AllowMultipleArgumentsPerToken = true,
    DefaultValueFactory = _ => TurnsBench.Settings,
};
var arguments = new Argument<string[]>("ARGUMENTS");
var to = new Argument<string>("TO");
var path = new Argument<string>("PATH");
var program = new RootCommand("Measures parts of Latecomer beside other programs that do the same work, and prints medians and ratios.")
{
    Subcommand("log", "following and opening a long Delta log", parsed => LogBench.Run(parsed.GetValue(commits), parsed.GetValue(rounds)), commits, rounds),
    Subcommand("parquet", "reading and writing a large Parquet file", parsed => ParquetBench.Run(parsed.GetValue(rows), parsed.GetValue(rounds)), rows, rounds),
    Subcommand(
        "turns", "durable turns on PostgreSQL",
        parsed => parsed.GetValue(quick) ? TurnsBench.Run(["256x1x512"], 1, 2) : TurnsBench.Run(parsed.GetValue(settings)!, parsed.GetValue(rounds), parsed.GetValue(seconds)),
        quick, rounds, seconds, settings),
    Subcommand(
        "grpc", "unary calls that touch no store",
        parsed => parsed.GetValue(quick) ? CallsBench.Run(1, 1) : CallsBench.Run(parsed.GetValue(rounds), parsed.GetValue(seconds)), quick, rounds, seconds),
    Subcommand(
        "commands", "durable commands over gRPC on PostgreSQL",
        parsed => parsed.GetValue(quick) ? CommandsBench.Run(1, 1) : CommandsBench.Run(parsed.GetValue(rounds), parsed.GetValue(seconds)), quick, rounds, seconds),
    Subcommand(
        "horizon", "durable turns while somebody's transaction holds back what is cleaned up",
        parsed => parsed.GetValue(quick) ? HorizonBench.Run(1, 1) : HorizonBench.Run(parsed.GetValue(windows), parsed.GetValue(seconds)), quick, windows, seconds),
    Subcommand(
        "failover", "how long actors do not answer when a node dies", parsed => FailoverBench.Run(parsed.GetValue(quick), parsed.GetValue(failures)), quick, failures),
    Subcommand(
        "actors", "a node with a million actors that nobody asks", parsed => ActorsBench.Run(parsed.GetValue(quick), parsed.GetValue(quick) ? 1 : parsed.GetValue(rounds)), quick, rounds),
    new Command("work", "the measured programs, each a process of its own")
    {
        Hidden = true,
        Subcommands =
        {
            Subcommand("history", "the last data change of each partition", parsed => LogWork.History(parsed.GetValue(path)!), path),
            Subcommand("scan", "three columns of a Parquet file", parsed => ParquetWork.Scan(parsed.GetValue(path)!), path),
            Subcommand("write", "a Parquet file again", parsed => ParquetWork.Write(parsed.GetValue(path)!, parsed.GetValue(to)!), path, to),
            Subcommand("node", "a node", parsed => Node(parsed.GetValue(arguments)!), arguments),
            Subcommand("stale", "a node that does not notice that it is dead", parsed => StaleOwner.Run(parsed.GetValue(arguments)![0]), arguments),
            Subcommand("ask", "a client", parsed => Client(parsed.GetValue(arguments)!), arguments),
            Subcommand("follow", "one new commit after the other", parsed => LogWork.Follow(parsed.GetValue(path)!), path),
        },
    },
};
try
{
    return await program.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (BenchException error)
{
    await Console.Error.WriteLineAsync($"bench: {error.Message}");
    return 1;
}

static Task Node(string[] a) => BenchNode.Run(a[0], a[1], Number(a[2]), Number(a[3]));

static Task Client(string[] a) => BenchClient.Run(a[0], Number(a[1]), Number(a[2]), double.Parse(a[3], CultureInfo.InvariantCulture), double.Parse(a[4], CultureInfo.InvariantCulture), bool.Parse(a[5]));

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

static Command Subcommand(string name, string description, Func<ParseResult, Task> run, params Symbol[] symbols)
{
    var command = new Command(name, description);
    foreach (var symbol in symbols)
    {
        if (symbol is Option option)
        {
            command.Options.Add(option);
        }
        else
        {
            command.Arguments.Add((Argument)symbol);
        }
    }

    command.SetAction((parsed, _) => run(parsed));
    return command;
}
