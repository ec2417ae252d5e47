using System.CommandLine;
using System.Text;
using Latecomer.Node.Cli;

namespace Latecomer.Node.Devices;

/// <summary><c>latecomer devices generate</c>.</summary>
internal static class GenerateCommand
{
    /// <summary>How many rows a date has, unless said otherwise.</summary>
    public const int DefaultRows = 100;

    /// <summary>The seed of the rows, unless said otherwise.</summary>
    public const int DefaultSeed = 1;

    private const int MaxRows = 10_000_000;
    private const string ToStdout = "-";

    /// <summary>The option for the number of rows.</summary>
    public static Option<int> RowsOption() => Options.Number("--rows", "How many rows, late ones included.", DefaultRows, 0, MaxRows);

    /// <summary>The option for the seed.</summary>
    public static Option<int> SeedOption() => Options.Number("--seed", "The same seed gives the same rows.", DefaultSeed, int.MinValue, int.MaxValue);

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var rows = RowsOption();
        var seed = SeedOption();
        var lateShare = Options.Number("--late-share", "The share of rows that are late: written apart, to be loaded after their date was processed.", 0.0, 0.0, 1.0);
        var output = new Option<string>("--output") { Description = "The file for the rows; - for stdout.", DefaultValueFactory = _ => ToStdout };
        var lateOutput = new Option<string?>("--late-output") { Description = "The file for the late rows; beside the other one, as NAME.late.EXT, unless said otherwise." };
        var command = new Command("generate", "Writes device rows as JSON lines: type, full_name, version.") { rows, seed, lateShare, output, lateOutput };
        command.SetAction(parsed => Generate(
            DeviceGenerator.Generate(parsed.GetValue(rows), parsed.GetValue(seed), parsed.GetValue(lateShare)),
            parsed.GetValue(output)!,
            parsed.GetValue(lateOutput)));
        return command;
    }

    private static int Generate(GeneratedDevices devices, string output, string? lateOutput)
    {
        if (devices.Late.Count > 0)
        {
            lateOutput ??= output == ToStdout
                ? throw new Refusal(ExitCode.Usage, "Late rows are written apart: name their file with --late-output.")
                : Path.ChangeExtension(output, $".late{Path.GetExtension(output)}");
            Write(lateOutput, devices.Late);
        }

        Write(output, devices.OnTime);
        return ExitCode.Ok;
    }

    private static void Write(string file, IReadOnlyList<Device> rows)
    {
        using var writer = new StreamWriter(file == ToStdout ? Console.OpenStandardOutput() : File.Create(file), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        DeviceLines.Write(writer, rows);
    }
}
