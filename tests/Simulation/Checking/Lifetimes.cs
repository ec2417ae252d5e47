using Latecomer.Runtime;

namespace Latecomer.Tests.Simulation;

/// <summary>Until when nodes live, by the server's clock: who has expired neither lives on nor takes anything, and who lives loses nothing.</summary>
internal sealed class Lifetimes(Findings findings)
{
    private readonly Dictionary<Incarnation, DateTimeOffset> _until = [];

    public void Lives(Incarnation node, DateTimeOffset until) => _until[node] = until;

    public void Decided(Incarnation node, Incarnation? from, DateTimeOffset at)
    {
        if (_until.GetValueOrDefault(node) <= at)
        {
            findings.Report("runtime", $"a node that had expired at {_until.GetValueOrDefault(node):O} {(from is null ? "lives on" : "takes leases")} at {at:O}");
        }

        if (from is { } other && other != node && _until.GetValueOrDefault(other) > at)
        {
            findings.Report("runtime", $"a node that lives until {_until[other]:O} loses leases at {at:O}");
        }
    }
}
