using System.CommandLine;
using Google.Protobuf;
using Latecomer.Node.Http;

namespace Latecomer.Node.Cli;

/// <summary>A command that asks a node: what was typed, the node, and where the answer goes.</summary>
internal sealed record Asked(ParseResult Parsed, ApiClient Api, Printer Printer, CancellationToken Cancellation)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>An option's value.</summary>
    public T? Get<T>(Option<T> option) => Parsed.GetValue(option);

    /// <summary>An argument's value.</summary>
    public T Get<T>(Argument<T> argument) => Parsed.GetValue(argument)!;

    /// <summary>Calls a method.</summary>
    public Task<TResponse> Call<TResponse>(string method, IMessage request)
        where TResponse : IMessage<TResponse>, new() => Api.Call<TResponse>(method, request, Cancellation);

    /// <summary>Calls a method that gets one thing; null if there is none.</summary>
    public async Task<TResponse?> Find<TResponse>(string method, IMessage request)
        where TResponse : class, IMessage<TResponse>, new()
    {
        try
        {
            return await Call<TResponse>(method, request);
        }
        catch (Refusal refusal) when (refusal.IsMissing)
        {
            return null;
        }
    }

    /// <summary>Asks what a watch wants to know in between: again and again while the node does not answer, for a watch goes on over that.</summary>
    /// <param name="ask">What is asked.</param>
    /// <param name="missed">Hears once what is wrong, if it does not answer the first time.</param>
    public async Task<T> Patiently<T>(Func<Task<T>> ask, Action<string>? missed = null)
    {
        for (var told = missed; ; told = null)
        {
            try
            {
                return await ask();
            }
            catch (Refusal refusal) when (refusal.MayPass)
            {
                told?.Invoke(refusal.Message);
                await Task.Delay(Pause, Cancellation);
            }
        }
    }

    /// <summary>Calls a list page by page, and merges the pages.</summary>
    /// <param name="method">The method.</param>
    /// <param name="ask">The request for the page of a token.</param>
    /// <param name="nextOf">The token of the page after one.</param>
    public Task<TResponse> All<TResponse>(string method, Func<string, IMessage> ask, Func<TResponse, string> nextOf)
        where TResponse : IMessage<TResponse>, new() => AllPages.Read(token => Call<TResponse>(method, ask(token)), nextOf);
}
