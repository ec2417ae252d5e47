using Latecomer.Tests.EndToEnd.Clusters;
using Latecomer.Tests.EndToEnd.Deployment;
using Xunit.Abstractions;

[assembly: TestCollectionOrderer("Latecomer.Tests.EndToEnd.LongestFirst", "Latecomer.Tests.EndToEnd")]

namespace Latecomer.Tests.EndToEnd;

/// <summary>Classes run side by side, a processor each. The longest begin first, so that no processor waits at the end for one of them.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly List<string> Longest = [.. new[] { typeof(BenchTests), typeof(ImageTests), typeof(ReadmeTests), typeof(DemoOnClusterTests) }.Select(c => c.FullName!)];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) => testCollections.OrderBy(Rank);

    private static int Rank(ITestCollection collection) => Longest.FindIndex(name => collection.DisplayName.EndsWith(name, StringComparison.Ordinal)) is >= 0 and var place ? place : Longest.Count;
}
