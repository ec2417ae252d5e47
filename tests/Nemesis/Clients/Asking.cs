using System.Text;
using System.Text.Json.Nodes;
using Latecomer.Tests.Simulation;

namespace Latecomer.Tests.Nemesis;

/// <summary>A request: its id, and what it asks.</summary>
internal sealed record Request(string Id, string Method, JsonObject Body);

/// <summary>Asks nodes, and asks another one by the same id where nobody knows what became of a request.</summary>
internal sealed class Asking(IReadOnlyList<ClusterNode> nodes, ClientHistory history) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(150);

    private readonly HttpClient _http = new() { Timeout = Patience };

    /// <summary>Asks until there is an answer for good; null if that took too long.</summary>
    public async Task<Answer?> Ask(Request request, SeededRandom random, CancellationToken giveUp)
    {
        while (!giveUp.IsCancellationRequested)
        {
            var listening = nodes.Where(n => n.Address is not null).ToList();
            if (listening.Count > 0 && await AskOnce(request, random.Pick(listening)) is { IsForGood: true } answer)
            {
                return answer;
            }

            await Task.Delay(Between, CancellationToken.None);
        }

        return null;
    }

    /// <summary>Asks one node once.</summary>
    public async Task<Answer> AskOnce(Request request, ClusterNode node)
    {
        var answer = await Post(request, node);
        history.Add(answer);
        return answer;
    }

    public void Dispose() => _http.Dispose();

    private async Task<Answer> Post(Request request, ClusterNode node)
    {
        try
        {
            var body = request.Body.DeepClone().AsObject();
            body["requestId"] = request.Id;
            using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
            using var response = await _http.PostAsync(new Uri(node.Address ?? throw new HttpRequestException("It has just gone."), $"/latecomer.v1.{request.Method}"), content);
            return new Answer(request.Id, node.Name, DateTimeOffset.UtcNow, response.StatusCode, await response.Content.ReadAsStringAsync());
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException)
        {
            return new Answer(request.Id, node.Name, DateTimeOffset.UtcNow, Status: null, fault.Message);
        }
    }
}
