using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Latecomer.Tests.EndToEnd.Harness;

/// <summary>The API as its users call it: JSON over POST.</summary>
internal sealed class JsonApi(Uri address) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = address, Timeout = Waiting.Long };

    /// <summary>The token by which it is known; null for none.</summary>
    public string? Token
    {
        set => _http.DefaultRequestHeaders.Authorization = value is null ? null : new AuthenticationHeaderValue("Bearer", value);
    }

    /// <summary>Calls a method that must succeed.</summary>
    public async Task<JsonObject> Call(string method, JsonObject request)
    {
        var answer = await Ask(method, request);
        answer.Status.ShouldBe(HttpStatusCode.OK, $"{method} {request.ToJsonString()}: {answer.Body.ToJsonString()}");
        return answer.Body;
    }

    /// <summary>Calls a method.</summary>
    /// <exception cref="HttpRequestException">The node does not answer.</exception>
    public async Task<ApiAnswer> Ask(string method, JsonObject request)
    {
        using var content = new StringContent(request.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync(new Uri($"/latecomer.v1.{method}", UriKind.Relative), content);
        return new ApiAnswer(response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject());
    }

    /// <summary>What the node says of itself.</summary>
    public async Task<ApiAnswer> Ready()
    {
        using var response = await _http.GetAsync(new Uri("/readyz", UriKind.Relative));
        return new ApiAnswer(response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject());
    }

    /// <summary>All runs of a pipeline.</summary>
    public async Task<IReadOnlyList<RunView>> Runs(string pipeline) =>
        RunView.All(await Call("Runs/List", new JsonObject { ["pipeline"] = pipeline, ["pageSize"] = 1000 }));

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}

/// <summary>An answer of the API.</summary>
internal sealed record ApiAnswer(HttpStatusCode Status, JsonObject Body);
