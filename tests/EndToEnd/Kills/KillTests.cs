using Latecomer.Tests.EndToEnd.Days;
using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.Testing;
using Xunit.Abstractions;

namespace Latecomer.Tests.EndToEnd.Kills;

/// <summary>The demo, killed (<c>SIGKILL</c>) again and again at moments that a seed chooses, and started again each time.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int KillsOfEach = 5;
    private const int MostDemos = 60;
    private const int MostKillsOfOne = 12;

    /// <summary>What the demo says when a phase begins, and how long the phase lasts, in ms, about.</summary>
    private static readonly Dictionary<DemoPhase, (string Begins, int Lasts)> Phases = new()
    {
        [DemoPhase.Restart] = ("latecomer demo", 400),
        [DemoPhase.Load] = ("A week of devices", 250),
        [DemoPhase.Runs] = ("The pipeline", 700),
        [DemoPhase.Clear] = ("A person clears", 60),
        [DemoPhase.Backfill] = ("A person clears", 600),
    };

    private readonly Dictionary<DemoPhase, int> _kills = Phases.Keys.ToDictionary(p => p, _ => 0);

    [Fact]
    public async Task Killed_five_times_and_more_in_each_phase_the_demo_ends_as_the_table_says()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        output.WriteLine($"seed {seed}");
        for (var demo = 0; Missing().Any(); demo++)
        {
            demo.ShouldBeLessThan(MostDemos, $"seed {seed}: {Tally()}");
            using var folder = new TemporaryFolder();
            var scenario = Scenario.All[demo % Scenario.All.Count];
            await PlayWithKills(folder.Path, scenario, random);
            (await Cli.Run("demo", "--data", folder.Path, "--scenario", scenario.Name)).Succeeded();
            await Outcome.ShouldBe(folder.Path, scenario);
            output.WriteLine($"{scenario}: {Tally()}");
        }
    }

    private IEnumerable<DemoPhase> Missing() => _kills.Where(k => k.Value < KillsOfEach).Select(k => k.Key);

    private string Tally() => string.Join(", ", _kills.Select(k => $"{k.Key}: {k.Value}"));

    /// <summary>Lets a demo come further by one kill after another, where kills are missing.</summary>
    private async Task PlayWithKills(string data, Scenario scenario, Random random)
    {
        for (var kill = 0; kill < MostKillsOfOne; kill++)
        {
            var aim = Aim(DemoFolder.PhaseOf(data, scenario), started: kill > 0, random);
            if (aim is not { } phase)
            {
                return;
            }

            await using var demo = ProgramProcess.Latecomer(["demo", "--data", data, "--scenario", scenario.Name]);
            await demo.Line($"the beginning of {phase}", line => line.StartsWith(Phases[phase].Begins, StringComparison.Ordinal));

            // No wait for anything: the moment of the kill itself.
            await Task.Delay(random.Next(Phases[phase].Lasts));
            if (demo.HasEnded)
            {
                return;
            }

            await demo.Kill();
            var hit = demo.Output.Lines.Any(line => line.StartsWith(Phases[DemoPhase.Load].Begins, StringComparison.Ordinal))
                ? DemoFolder.PhaseOf(data, scenario)
                : DemoPhase.Restart;
            if (hit == DemoPhase.Finished)
            {
                return;
            }

            _kills[hit] += kill == 0 && hit == DemoPhase.Restart ? 0 : 1;
        }
    }

    /// <summary>The phase of the next kill: the present one or the restart before it, if kills of these are missing, else a later one that lacks some.</summary>
    private DemoPhase? Aim(DemoPhase present, bool started, Random random)
    {
        var missing = Missing().Where(p => p == DemoPhase.Restart ? started : p >= present).Order().ToList();
        return missing.Count == 0 || present == DemoPhase.Finished ? null : missing[random.Next(Math.Min(2, missing.Count))];
    }
}
