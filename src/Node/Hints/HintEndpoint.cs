using System.Buffers;
using Latecomer.Runtime;
using Microsoft.AspNetCore.Http;

namespace Latecomer.Node.Hints;

/// <summary>Where hints of other nodes come in. Whoever cannot prove that he is one learns nothing and changes nothing.</summary>
internal sealed class HintEndpoint(ClusterSecret secret, Action<Hint> hear)
{
    /// <summary>Its path.</summary>
    public const string Path = "/internal/hints";

    /// <summary>Answers one HTTP request: 204 if the hints were heard.</summary>
    public async Task Answer(HttpContext http)
    {
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            http.Response.Headers.Allow = HttpMethods.Post;
            return;
        }

        http.Response.StatusCode = await Hear(http.Request, http.RequestAborted);
    }

    private async Task<int> Hear(HttpRequest request, CancellationToken cancellation)
    {
        if (request.Headers[ClusterSecret.Header].ToString() is not { Length: > 0 } proof)
        {
            return StatusCodes.Status401Unauthorized;
        }

        if (request.ContentLength is not (>= 0 and <= HintBatch.MostBytes) || request.ContentLength is not { } length)
        {
            return StatusCodes.Status413PayloadTooLarge;
        }

        var buffer = ArrayPool<byte>.Shared.Rent((int)length);
        try
        {
            var body = buffer.AsMemory(0, (int)length);
            await request.Body.ReadExactlyAsync(body, cancellation);
            if (!secret.IsProof(proof, body.Span))
            {
                return StatusCodes.Status401Unauthorized;
            }

            foreach (var hint in HintBatch.Read(body.Span).Hints())
            {
                hear(hint);
            }

            return StatusCodes.Status204NoContent;
        }
        catch (Exception e) when (e is FormatException or EndOfStreamException)
        {
            return StatusCodes.Status400BadRequest;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
