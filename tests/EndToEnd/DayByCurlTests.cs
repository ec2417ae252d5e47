using System.Net;
using System.Text.Json.Nodes;
using Latecomer.Tests.EndToEnd.Days;
using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.Testing;

namespace Latecomer.Tests.EndToEnd;

/// <summary>The seed's day played by curl alone against a node, without the demo.</summary>
public sealed class DayByCurlTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [CurlTheory]
    [InlineData("clear-03")]
    [InlineData("clear-04-05")]
    [InlineData("clear-past-03")]
    public async Task The_day_by_curl_ends_as_the_table_says(string name)
    {
        var scenario = Scenario.Named(name);
        var day = new SeedsDay(_folder.Path);
        await day.LoadOnTime();
        await using var node = await NodeProcess.Start(_folder.Path, nodes: 2);
        await new DayByApi(day, scenario, (method, request) => ForeignCalls.Curl(node, method, request)).Play();
        await Outcome.ShouldBe(_folder.Path, scenario, node);
        await node.Stop();
    }

    [Fact]
    public async Task A_request_id_is_applied_once_with_the_same_reply_and_for_one_request()
    {
        await using var node = await NodeProcess.Start(_folder.Path);
        await new SeedsDay(_folder.Path).Load(0);
        var apply = new JsonObject { ["pipeline"] = DayByApi.Definition(), ["requestId"] = "mine" };
        var replies = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => node.Api.Call("Pipelines/Apply", apply)));
        replies.ShouldAllBe(r => (bool)r["changed"]!);
        replies.Select(r => r.ToJsonString()).Distinct().ShouldHaveSingleItem();

        apply["pipeline"]!["retries"] = 1;
        var other = await node.Api.Ask("Pipelines/Apply", apply);
        other.Status.ShouldBe(HttpStatusCode.BadRequest);
        ((string)other.Body["code"]!).ShouldBe("invalid_argument");
        ((string)other.Body["message"]!).ShouldContain("mine");
    }
}

/// <summary>A theory that needs curl on the machine.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CurlTheoryAttribute : TheoryAttribute
{
    public CurlTheoryAttribute() => Skip = IsThere ? null : "needs curl";

    internal static bool IsThere =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "curl")));
}
