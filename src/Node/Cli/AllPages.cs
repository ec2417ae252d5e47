using Google.Protobuf;

namespace Latecomer.Node.Cli;

/// <summary>Reads all pages of a list into one answer.</summary>
internal static class AllPages
{
    /// <summary>Asks for page after page, and merges them.</summary>
    /// <param name="ask">Asks for the page of a token.</param>
    /// <param name="nextOf">The token of the page after one.</param>
    public static async Task<TResponse> Read<TResponse>(Func<string, Task<TResponse>> ask, Func<TResponse, string> nextOf)
        where TResponse : IMessage<TResponse>
    {
        var all = await ask("");
        for (var token = nextOf(all); token.Length > 0;)
        {
            var page = await ask(token);
            all.MergeFrom(page);
            token = nextOf(page);
        }

        return all;
    }
}
