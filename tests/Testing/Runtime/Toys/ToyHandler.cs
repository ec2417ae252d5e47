using Latecomer.Runtime;

namespace Latecomer.Tests.Testing.Runtime;

/// <summary>Runs a function as an activity.</summary>
public sealed class ToyHandler(string kind, Func<int, CancellationToken, Task<int>> work, bool onlyWaits = false) : ActivityHandler<int, int>
{
    public override string Kind => kind;

    public override bool OnlyWaits => onlyWaits;

    protected override Task<int> Run(int input, ActivityAssignment assignment, CancellationToken stop) => work(input, stop);
}
