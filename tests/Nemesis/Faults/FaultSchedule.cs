using Latecomer.Tests.Simulation;

namespace Latecomer.Tests.Nemesis;

/// <summary>Lets one thing after the other go wrong, sometimes two at once, until the time is over.</summary>
internal sealed class FaultSchedule(FaultCatalog faults, SeededRandom random)
{
    public SortedDictionary<string, int> Counts { get; } = new(StringComparer.Ordinal);

    public async Task Run(TimeSpan time, CancellationToken broken)
    {
        var end = DateTimeOffset.UtcNow + time;
        await Task.Delay(TimeSpan.FromSeconds(2), broken);
        while (DateTimeOffset.UtcNow < end)
        {
            broken.ThrowIfCancellationRequested();
            await Strike(Draw(of: null), random.PerMille(300));
            await Task.Delay(random.Between(200, 2500), broken);
        }
    }

    /// <summary>Lets something go wrong, and perhaps something of the other kind at once.</summary>
    private Task Strike(Fault fault, bool together)
    {
        Counts[fault.Name] = Counts.GetValueOrDefault(fault.Name) + 1;
        var one = fault.Strike(random.Fork());
        return together ? Task.WhenAll(one, Strike(Draw(of: !fault.IsOfNodes), together: false)) : one;
    }

    private Fault Draw(bool? of)
    {
        var all = faults.All.Where(f => of is null || f.IsOfNodes == of).ToList();
        var at = random.Below(all.Sum(f => f.Weight));
        return all.First(f => (at -= f.Weight) < 0);
    }
}
