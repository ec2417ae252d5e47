using Latecomer.Tests.EndToEnd.Days;
using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.EndToEnd;

/// <summary>The seed's day played by gRPC alone, by a client that nobody here wrote.</summary>
public sealed class DayByGrpcTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("clear-03")]
    [InlineData("clear-04-05")]
    [InlineData("clear-past-03")]
    public async Task The_day_by_grpc_ends_as_the_table_says(string name)
    {
        var scenario = Scenario.Named(name);
        var day = new SeedsDay(_folder.Path);
        await day.LoadOnTime();
        await using var node = await NodeProcess.Start(_folder.Path, nodes: 2);
        await new DayByApi(day, scenario, (method, request) => ForeignCalls.Grpcio(node.GrpcAddress, method, request)).Play();
        await Outcome.ShouldBe(_folder.Path, scenario, node);
        await node.Stop();
    }
}
