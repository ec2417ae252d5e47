using System.CommandLine;
using Latecomer.Contracts;
using Latecomer.Node.Cli;

namespace Latecomer.Node.Devices;

/// <summary><c>latecomer devices load</c>.</summary>
internal static class LoadCommand
{
    private const string FromStdin = "-";

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var table = new Argument<string>("TABLE") { Description = "The table's folder; made if it does not exist." };
        var date = Options.Argument<LogicalDate>("DATE", "The day whose partition gets the rows.");
        var input = new Option<string?>("--input") { Description = "JSON lines as 'devices generate' writes them; - for stdin. Generated when not given.", HelpName = "file" };
        var rows = GenerateCommand.RowsOption();
        var seed = GenerateCommand.SeedOption();
        var command = new Command("load", "Appends device rows to a Delta table, as partition event_time=DATE.") { table, date, input, rows, seed };
        command.SetAction(async (parsed, cancellation) =>
        {
            var devices = parsed.GetValue(input) is { } file
                ? Read(file)
                : DeviceGenerator.Generate(parsed.GetValue(rows), parsed.GetValue(seed), lateShare: 0).OnTime;
            return await Load(parsed.GetValue(table)!, parsed.GetValue(date), devices, cancellation);
        });
        return command;
    }

    private static async Task<int> Load(string table, LogicalDate day, IReadOnlyList<Device> devices, CancellationToken cancellation)
    {
        if (!Schedule.Daily.HasBoundaryAt(day))
        {
            throw new Refusal(ExitCode.Usage, $"Devices are loaded by the day, and {day} is an hour.");
        }

        if (devices.Count == 0)
        {
            throw new Refusal(ExitCode.Usage, "There are no rows to load.");
        }

        var version = await new DeviceTable(table).Append(day, devices, transaction: null, cancellation);
        Console.WriteLine($"version {version}: {devices.Count} rows appended to {DeviceTable.PartitionColumn}={DeviceTable.ValueOf(day)}");
        return ExitCode.Ok;
    }

    private static IReadOnlyList<Device> Read(string file)
    {
        using var reader = file == FromStdin ? new StreamReader(Console.OpenStandardInput()) : new StreamReader(file);
        return DeviceLines.Read(reader, file == FromStdin ? "stdin" : file);
    }
}
