using System.Globalization;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.Fuzz;

/// <summary><c>./fuzz</c>: runs inputs, says what came of them, and repeats one.</summary>
internal static class Program
{
    private const int Found = 1;
    private const int Misused = 2;
    private const int MostShown = 50;

    public static int Main(string[] arguments)
    {
        if (CommandLine.Parse(arguments) is not { } line)
        {
            Console.Error.WriteLine(CommandLine.Usage);
            return Misused;
        }

        var target = FuzzTargets.Load(line.Kind);
        return line.IsOne ? Repeat(target, line) : Run(target, line);
    }

    private static int Run(IFuzzTarget target, CommandLine line)
    {
        using var progress = Progress.Open();
        var run = new FuzzRun(target, line.Seed) { Before = progress.Note };
        run.Run(line.First, line.Inputs);
        var report = run.Report;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{line.Kind}, seed {line.Seed}: {report.Count:N0} inputs, made of {target.Corpus}"));
        if (SharedTestData.SkipReason is not null)
        {
            Console.WriteLine("  (without ../shared beside the checkout, a number makes another input than with it)");
        }

        foreach (var text in report.Lines(target.FirstCheck))
        {
            Console.WriteLine($"  {text}");
        }

        foreach (var (number, problem) in report.Failures.Take(MostShown))
        {
            Console.WriteLine($"FAILED: input {number} {problem}");
            Console.WriteLine($"  repeat it: ./fuzz {line.Kind} --seed {line.Seed} --input {number}");
        }

        if (report.SoundShare < FuzzReport.LeastSoundShare)
        {
            Console.WriteLine("FAILED: too few inputs passed the first check");
            return Found;
        }

        Console.WriteLine(report.Failures.Count == 0 ? "every input was answered or refused within its bounds" : $"{report.Failures.Count} failures");
        return report.Failures.Count == 0 ? 0 : Found;
    }

    private static int Repeat(IFuzzTarget target, CommandLine line)
    {
        var run = new FuzzRun(target, line.Seed);
        var input = run.Make(line.First);
        Console.WriteLine($"{line.Kind}, seed {line.Seed}, input {line.First}: {input.What}; {input.Bytes} bytes; {(input.IsSound() ? "passes" : "does not pass")} the first check, that {target.FirstCheck}");
        foreach (var (name, content) in line.Save is null ? [] : input.Files)
        {
            var path = Path.Combine(line.Save!, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, content);
        }

        Console.WriteLine(Outcome.Of(input.Read) switch
        {
            Outcome.Answer answer => $"answered: {answer.Digest:x16}",
            Outcome.Refusal refusal => $"refused as {refusal.Class}: {refusal.Error}",
            Outcome.Crash crash => $"ends in {crash.Error}",
            var other => $"{other}",
        });
        run.Run(line.First, 1);
        foreach (var text in run.Report.Lines(target.FirstCheck).Concat(run.Report.Failures.Select(failure => $"FAILED: {failure.Problem}")))
        {
            Console.WriteLine($"  {text}");
        }

        return run.Report.Failures.Count == 0 ? 0 : Found;
    }
}
