using Latecomer.Runtime;
using Microsoft.AspNetCore.Http;

namespace Latecomer.Node.Hints;

/// <summary>Where hints of other nodes come in.</summary>
internal sealed class HintEndpoint(ClusterSecret secret, Action<Hint> hear)
{
    /// <summary>Its path.</summary>
    public const string Path = "/internal/hints";

    /// <summary>Answers one HTTP request: 204 if the hints were heard.</summary>
    public Task Answer(HttpContext http) => ProvenBody.Read(http, secret, HintBatch.MostBytes, (body, _) =>
    {
        foreach (var hint in HintBatch.Read(body.Span).Hints())
        {
            hear(hint);
        }

        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    });
}
