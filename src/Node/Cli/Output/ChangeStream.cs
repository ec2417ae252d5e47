using System.CommandLine;
using Google.Protobuf;

namespace Latecomer.Node.Cli;

/// <summary>Follows a watch of the API: what happens is printed once and in order, also over breaks of the connection, for each response says where the next call
/// goes on.</summary>
internal sealed class ChangeStream(Asked asked, string method, string token)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private string _token = token;

    /// <summary>The option that says where to go on.</summary>
    public static Option<string?> TokenOption() => new("--resume-token")
    {
        Description = "Goes on after the response that had this resumeToken (-o json prints responses); begins now when not given.",
        HelpName = "token",
    };

    /// <summary>Prints until interrupted: responses for programs, rows for people and scripts.</summary>
    /// <param name="ask">The request that goes on after a token.</param>
    /// <param name="tokenOf">A response's token.</param>
    /// <param name="columns">The columns of the rows.</param>
    /// <param name="rows">A response's changes as rows, in Spectre's markup.</param>
    public async Task Print<TResponse>(
        Func<string, IMessage> ask, Func<TResponse, string> tokenOf, IReadOnlyList<string> columns, Func<TResponse, IEnumerable<IReadOnlyList<string>>> rows)
        where TResponse : class, IMessage<TResponse>, new()
    {
        RowLines? lines = null;
        await foreach (var response in Responses(ask, tokenOf))
        {
            if (asked.Printer.IsDocument)
            {
                asked.Printer.Next(response, []);
            }
            else if (!asked.Printer.IsTable)
            {
                rows(response).ToList().ForEach(row => asked.Printer.Next(response, row));
            }
            else if (lines is null)
            {
                // The header says that from now on everything is told.
                lines = asked.Printer.Lines(columns);
                lines.Begin([.. rows(response)]);
            }
            else
            {
                rows(response).ToList().ForEach(lines.Add);
            }
        }
    }

    /// <summary>The responses, over as many calls as it takes.</summary>
    public async IAsyncEnumerable<TResponse> Responses<TResponse>(Func<string, IMessage> ask, Func<TResponse, string> tokenOf)
        where TResponse : class, IMessage<TResponse>, new()
    {
        while (true)
        {
            await using var call = asked.Api.Stream<TResponse>(method, ask(_token), asked.Cancellation).GetAsyncEnumerator(asked.Cancellation);
            while (await Next(call))
            {
                _token = tokenOf(call.Current);
                yield return call.Current;
            }

            await Task.Delay(Pause, asked.Cancellation);
        }
    }

    /// <summary>Whether there is one more; not when the node stops, or the connection breaks, for a call that has begun goes on elsewhere.</summary>
    private async Task<bool> Next<TResponse>(IAsyncEnumerator<TResponse> call)
    {
        try
        {
            return await call.MoveNextAsync();
        }
        catch (Refusal refusal) when (refusal.MayPass && _token.Length > 0)
        {
            return false;
        }
    }
}
