using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Latecomer.Node.Hints;

/// <summary>What another node has posted. Whoever cannot prove that he is one learns nothing and changes nothing.</summary>
internal static class ProvenBody
{
    /// <summary>Reads the body of a POST of <paramref name="most"/> bytes at most, and gives it to <paramref name="use"/> if its sender has proved to be a node; the body is gone
    /// when that ends. What it throws as a <see cref="FormatException"/> is the sender's fault.</summary>
    public static async Task Read(HttpContext http, ClusterSecret secret, int most, Func<ReadOnlyMemory<byte>, string, Task> use)
    {
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            http.Response.Headers.Allow = HttpMethods.Post;
        }
        else if (http.Request.Headers[ClusterSecret.Header].ToString() is not { Length: > 0 } proof)
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        }
        else if (http.Request.ContentLength is not { } length || length < 0 || length > most)
        {
            http.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
        }
        else
        {
            await Read(http, secret, (int)length, proof, use);
        }
    }

    private static async Task Read(HttpContext http, ClusterSecret secret, int length, string proof, Func<ReadOnlyMemory<byte>, string, Task> use)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var body = buffer.AsMemory(0, length);
            await http.Request.Body.ReadExactlyAsync(body, http.RequestAborted);
            if (secret.IsProof(proof, body.Span))
            {
                await use(body, proof);
            }
            else
            {
                http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            }
        }
        catch (Exception e) when (e is FormatException or EndOfStreamException)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
