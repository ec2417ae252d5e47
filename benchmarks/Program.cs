using System.CommandLine;
using Latecomer.Benchmarks;
using Latecomer.Benchmarks.Log;

var commits = new Option<int>("--commits") { Description = "how long the log is", DefaultValueFactory = _ => 100_000 };
var rounds = new Option<int>("--rounds") { Description = "how often each program runs, in turns", DefaultValueFactory = _ => 5 };
var table = new Argument<string>("TABLE");
var program = new RootCommand("Measures parts of Latecomer beside other programs that do the same work, and prints medians and ratios.")
{
    Subcommand("log", "following and opening a long Delta log", parsed => LogBench.Run(parsed.GetValue(commits), parsed.GetValue(rounds)), commits, rounds),
    new Command("work", "the measured programs, each a process of its own")
    {
        Hidden = true,
        Subcommands =
        {
            Subcommand("history", "the last data change of each partition", parsed => LogWork.History(parsed.GetValue(table)!), table),
            Subcommand("follow", "one new commit after the other", parsed => LogWork.Follow(parsed.GetValue(table)!), table),
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
