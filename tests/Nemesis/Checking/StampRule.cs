using System.Globalization;
using Latecomer.Tests.Simulation;

namespace Latecomer.Tests.Nemesis;

/// <summary>Invariant 1, from the outside: by what the commands themselves wrote down, no two work on one date at once, holds only grow, and none is
/// started twice for one try.</summary>
internal sealed class StampRule(Findings findings)
{
    private const string Invariant = "1 (one work under a hold)";

    public void Check(string file)
    {
        var lines = File.Exists(file) ? File.ReadAllLines(file).Select(Stamp.Parse).ToList() : [];
        var ends = lines.Where(l => !l.Begins).ToLookup(l => (l.Date, l.Hold, l.Try, l.Process));
        foreach (var date in lines.Where(l => l.Begins).GroupBy(l => l.Date, StringComparer.Ordinal))
        {
            Stamp? before = null;
            DateTimeOffset? ended = null;
            foreach (var begin in date.OrderBy(l => l.At))
            {
                var end = ends[(begin.Date, begin.Hold, begin.Try, begin.Process)].FirstOrDefault();
                Expect(before is null || begin.Hold >= before.Hold, $"a command for {begin} began after one for {before}");
                Expect(ended is null || ended <= begin.At, $"a command for {begin} began before the end, at {ended:O}, of the one for {before}");
                Expect(ended is null || (before!.Hold, before.Try) != (begin.Hold, begin.Try), $"a command for {begin} ran again after its end at {ended:O}");
                (before, ended) = (begin, end?.At);
            }
        }
    }

    private void Expect(bool holds, string otherwise)
    {
        if (!holds)
        {
            findings.Report(Invariant, otherwise);
        }
    }

    private sealed record Stamp(bool Begins, string Date, long Hold, int Try, int Process, DateTimeOffset At)
    {
        public static Stamp Parse(string line)
        {
            var parts = line.Split(' ');
            return new Stamp(
                parts[0] == "begin", parts[1], long.Parse(parts[2], CultureInfo.InvariantCulture), int.Parse(parts[3], CultureInfo.InvariantCulture),
                int.Parse(parts[4], CultureInfo.InvariantCulture), DateTimeOffset.UnixEpoch.AddTicks(long.Parse(parts[5], CultureInfo.InvariantCulture) / 100));
        }

        public override string ToString() => $"{Date} under hold {Hold}, try {Try}, process {Process} at {At:O}";
    }
}
