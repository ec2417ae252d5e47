using System.CommandLine;
using Latecomer.Benchmarks;
using Latecomer.Benchmarks.Log;
using Latecomer.Benchmarks.Parquet;

var commits = new Option<int>("--commits") { Description = "how long the log is", DefaultValueFactory = _ => 100_000 };
var rounds = new Option<int>("--rounds") { Description = "how often each program runs, in turns", DefaultValueFactory = _ => 5 };
var rows = new Option<int>("--rows") { Description = "how long the file is", DefaultValueFactory = _ => 10_000_000 };
var to = new Argument<string>("TO");
var path = new Argument<string>("PATH");
var program = new RootCommand("Measures parts of Latecomer beside other programs that do the same work, and prints medians and ratios.")
{
    Subcommand("log", "following and opening a long Delta log", parsed => LogBench.Run(parsed.GetValue(commits), parsed.GetValue(rounds)), commits, rounds),
    Subcommand("parquet", "reading and writing a large Parquet file", parsed => ParquetBench.Run(parsed.GetValue(rows), parsed.GetValue(rounds)), rows, rounds),
    new Command("work", "the measured programs, each a process of its own")
    {
        Hidden = true,
        Subcommands =
        {
            Subcommand("history", "the last data change of each partition", parsed => LogWork.History(parsed.GetValue(path)!), path),
            Subcommand("scan", "three columns of a Parquet file", parsed => ParquetWork.Scan(parsed.GetValue(path)!), path),
            Subcommand("write", "a Parquet file again", parsed => ParquetWork.Write(parsed.GetValue(path)!, parsed.GetValue(to)!), path, to),
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
