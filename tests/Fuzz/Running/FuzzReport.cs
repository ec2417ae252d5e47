using System.Globalization;

namespace Latecomer.Tests.Fuzz;

/// <summary>What came of the inputs of a run.</summary>
internal sealed class FuzzReport
{
    /// <summary>Of the inputs, at least: others test little.</summary>
    public const double LeastSoundShare = 0.3;

    private readonly SortedDictionary<string, long> refusals = new(StringComparer.Ordinal);
    private readonly List<(long Number, string Problem)> failures = [];
    private long answers;
    private long harmless;
    private long sound;
    private (TimeSpan Time, long Number) slowest;
    private (long Bytes, long OfInput, long Number) largest;

    /// <summary>How many inputs were read.</summary>
    public long Count { get; private set; }

    public TimeSpan Elapsed { get; set; }

    /// <summary>The inputs that broke a bound, and how.</summary>
    public IReadOnlyList<(long Number, string Problem)> Failures
    {
        get
        {
            lock (failures)
            {
                return [.. failures];
            }
        }
    }

    public double SoundShare => Count == 0 ? 1 : (double)sound / Count;

    public void Add(long number, FuzzInput input, Outcome outcome, bool isSound, TimeSpan time, long memory, ulong? expected)
    {
        Count++;
        sound += isSound ? 1 : 0;
        harmless += expected is null ? 0 : 1;
        slowest = time > slowest.Time ? (time, number) : slowest;
        largest = memory > largest.Bytes ? (memory, input.Bytes, number) : largest;
        switch (outcome)
        {
            case Outcome.Answer answer:
                answers++;
                if (expected is not null && answer.Digest != expected)
                {
                    Fail(number, $"is read as something else than it means ({input.What})");
                }

                break;
            case Outcome.Refusal refusal:
                refusals[refusal.Class] = refusals.GetValueOrDefault(refusal.Class) + 1;
                if (expected is not null)
                {
                    Fail(number, $"is refused ({input.What}): {refusal.Error.Message}");
                }

                break;
            case Outcome.Crash crash:
                Fail(number, $"ends in {crash.Error.GetType().Name} ({input.What}): {crash.Error.Message} {FirstFrame(crash.Error)}");
                break;
        }
    }

    public void Fail(long number, string problem)
    {
        lock (failures)
        {
            failures.Add((number, problem));
        }
    }

    /// <summary>The figures, line by line.</summary>
    public IEnumerable<string> Lines(string firstCheck) =>
    [
        Text($"{sound:N0} passed the first check, that {firstCheck}: {SoundShare:P1}"),
        Text($"{answers:N0} were answered; {harmless:N0} had changes that mean nothing, and had to be answered as before"),
        Text($"{Count - answers:N0} were refused: {string.Join(", ", refusals.Select(refusal => Text($"{refusal.Value:N0} {refusal.Key}")))}"),
        Text($"worst time: {slowest.Time.TotalSeconds:F3} s of processor time (input {slowest.Number})"),
        Text($"worst memory: {largest.Bytes / 1e6:F1} MB for {largest.OfInput:N0} bytes (input {largest.Number})"),
        Text($"{Count / Math.Max(0.001, Elapsed.TotalSeconds):N0} inputs/s, {Elapsed.TotalSeconds:F1} s"),
    ];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string FirstFrame(Exception error) => error.StackTrace?.Split('\n').FirstOrDefault(line => line.Contains("Latecomer", StringComparison.Ordinal))?.Trim() ?? "";
}
