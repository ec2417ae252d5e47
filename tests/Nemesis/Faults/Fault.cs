using Latecomer.Tests.Simulation;

namespace Latecomer.Tests.Nemesis;

/// <summary>Something that goes wrong for a while. When it returns, it is over.</summary>
/// <param name="Name">What the counts call it.</param>
/// <param name="Weight">How often it is chosen, beside the others.</param>
/// <param name="IsOfNodes">Whether it is done to nodes themselves; else to what is around them. One of each may happen at once.</param>
/// <param name="Strike">Does it.</param>
internal sealed record Fault(string Name, int Weight, bool IsOfNodes, Func<SeededRandom, Task> Strike);
