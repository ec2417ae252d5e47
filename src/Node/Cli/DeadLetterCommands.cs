using System.CommandLine;
using System.Globalization;
using Latecomer.Node.Protocol;
using Spectre.Console;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer cluster dead-letters</c>.</summary>
internal static class DeadLetterCommands
{
    /// <summary>The command.</summary>
    public static Command Create(ClientOptions client) => new("dead-letters", "Messages that were set aside because their turns kept failing.")
    {
        List(client),
        Show(client),
        Settle(client, "retry", "Puts one back, first of all that waits for its actor, which goes on if it was suspended.", "was put back", (api, id, cancellation) =>
            api.Call<RetryDeadLetterResponse>("Cluster/RetryDeadLetter", new RetryDeadLetterRequest { Id = id }, cancellation)),
        Settle(client, "discard", "Throws one away for good: what it would have done never happens. A suspended actor goes on without it.", "was thrown away", (api, id, cancellation) =>
            api.Call<DiscardDeadLetterResponse>("Cluster/DiscardDeadLetter", new DiscardDeadLetterRequest { Id = id }, cancellation)),
    };

    private static Command List(ClientOptions options)
    {
        var command = new Command("list", "Lists them, oldest first.");
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = options.Client(parsed);
            var response = await AllPages.Read(
                token => client.Call<ListDeadLettersResponse>("Cluster/ListDeadLetters", new ListDeadLettersRequest { PageToken = token }, cancellation), page => page.NextPageToken);
            options.Printer(parsed).Print(response, ["id", "set aside", "actor", "message", "suspends", "error"], response.DeadLetters.Select(letter => (IReadOnlyList<string>)
            [
                letter.Id.ToString(CultureInfo.InvariantCulture), $"{letter.SetAsideTime.ToDateTime():u}", Markup.Escape(letter.To), Markup.Escape(letter.Type),
                letter.Suspends ? "[red]yes[/]" : "no", Markup.Escape(letter.Error),
            ]));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Show(ClientOptions options)
    {
        var id = Id();
        var command = new Command("show", "Shows one with its content and why its turn failed.") { id };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = options.Client(parsed);
            var letter = await client.Call<DeadLetter>("Cluster/GetDeadLetter", new GetDeadLetterRequest { Id = parsed.GetValue(id) }, cancellation);
            options.Printer(parsed).Print(letter, $"""
                dead letter {letter.Id}, set aside {letter.SetAsideTime.ToDateTime():u}
                to          {letter.To}{(letter.Suspends ? ", which waits until it is retried or discarded" : "")}
                from        {(letter.From.Length > 0 ? letter.From : "outside, a timer or an activity")}
                because of  {letter.Cause}{(letter.RequestId.Length > 0 ? $"\nrequest     {letter.RequestId}" : "")}
                message     {letter.Type} {letter.Body}
                error       {letter.Error}
                """);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Settle<TResponse>(
        ClientOptions options, string name, string description, string done, Func<Http.ApiClient, long, CancellationToken, Task<TResponse>> call)
        where TResponse : Google.Protobuf.IMessage<TResponse>, new()
    {
        var id = Id();
        var command = new Command(name, description) { id };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = options.Client(parsed);
            options.Printer(parsed).Print(await call(client, parsed.GetValue(id), cancellation), $"dead letter {parsed.GetValue(id)} {done}");
            return ExitCode.Ok;
        });
        return command;
    }

    private static Argument<long> Id() => new("ID") { Description = "Its id, as list shows it." };
}
