using System.Globalization;

namespace Latecomer.Tests.Simulation;

/// <summary>What happened, step by step: the last lines for people, a hash of all of them for comparing two runs of a seed.</summary>
internal sealed class Trace
{
    private const int Kept = 120;
    private const ulong Prime = 1099511628211;

    private readonly Queue<string> _last = new();

    /// <summary>Grows with every step that the scheduler takes.</summary>
    public int Step { get; private set; }

    /// <summary>FNV-1a over all lines.</summary>
    public ulong Hash { get; private set; } = 14695981039346656037;

    /// <summary>Gets every line as it is added.</summary>
    public TextWriter? Echo { get; init; }

    public IEnumerable<string> Last => _last;

    /// <summary>How often the rarer things happened: what a simulation never meets it does not test.</summary>
    public SortedDictionary<string, int> Counts { get; } = new(StringComparer.Ordinal);

    public void BeginStep() => Step++;

    public void Count(string what) => Count(what, 1);

    public void Count(string what, int times)
    {
        if (times > 0)
        {
            Counts[what] = Counts.GetValueOrDefault(what) + times;
        }
    }

    /// <summary>What only whoever follows the trace wants to know.</summary>
    public void Detail(Func<IEnumerable<string>> lines)
    {
        if (Echo is not null)
        {
            foreach (var line in lines())
            {
                Echo.WriteLine($"         {line}");
            }
        }
    }

    public void Add(string line)
    {
        foreach (var c in line)
        {
            Hash = (Hash ^ c) * Prime;
        }

        if (_last.Count == Kept)
        {
            _last.Dequeue();
        }

        var numbered = string.Create(CultureInfo.InvariantCulture, $"{Step,6} {line}");
        _last.Enqueue(numbered);
        Echo?.WriteLine(numbered);
    }
}
