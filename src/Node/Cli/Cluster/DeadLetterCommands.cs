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
        Retry(client),
        Discard(client),
    };

    private static Command List(ClientOptions client)
    {
        var watch = WatchOption.Create();
        return client.Asking(new Command("list", "Lists them, oldest first.") { watch }, asked => new Listing<ListDeadLettersResponse, DeadLetter>
        {
            Method = "Cluster/ListDeadLetters",
            Ask = token => new ListDeadLettersRequest { PageToken = token },
            NextOf = page => page.NextPageToken,
            ItemsOf = page => page.DeadLetters,
            Columns = ["id", "set aside", "actor", "message", "suspends", "error"],
            Row = letter =>
            [
                letter.Id.ToString(CultureInfo.InvariantCulture), $"{letter.SetAsideTime.ToDateTime():u}", Markup.Escape(letter.To), Markup.Escape(letter.Type),
                letter.Suspends ? "[red]yes[/]" : "no", Markup.Escape(letter.Error),
            ],
        }.Print(asked, asked.Get(watch)));
    }

    private static Command Show(ClientOptions client)
    {
        var id = Id();
        return client.Asking(new Command("show", "Shows one with its content and why its turn failed.") { id }, async asked =>
        {
            var letter = await Get(asked, asked.Get(id));
            asked.Printer.Print(letter, $"""
                dead letter {letter.Id}, set aside {letter.SetAsideTime.ToDateTime():u}
                to          {letter.To}{(letter.Suspends ? ", which waits until it is retried or discarded" : "")}
                from        {(letter.From.Length > 0 ? letter.From : "outside, a timer or an activity")}
                because of  {letter.Cause}{(letter.RequestId.Length > 0 ? $"\nrequest     {letter.RequestId}" : "")}
                message     {letter.Type} {letter.Body}
                error       {letter.Error}
                """);
            return ExitCode.Ok;
        });
    }

    private static Command Retry(ClientOptions client)
    {
        var (id, requestId) = (Id(), RequestIds.Option());
        var command = new Command("retry", "Puts one back, first of all that waits for its actor, which goes on if it was suspended.") { id, requestId };
        return client.Asking(command, async asked =>
        {
            var request = new RetryDeadLetterRequest { Id = asked.Get(id), RequestId = RequestIds.Of(asked.Get(requestId)) };
            asked.Printer.Print(await asked.Call<RetryDeadLetterResponse>("Cluster/RetryDeadLetter", request), $"dead letter {request.Id} was put back");
            return ExitCode.Ok;
        });
    }

    private static Command Discard(ClientOptions client)
    {
        var (id, requestId, confirmation) = (Id(), RequestIds.Option(), new Confirmation());
        var command = confirmation.On(new Command(
            "discard", "Throws one away for good: what it would have done never happens. A suspended actor goes on without it.") { id, requestId });
        return client.Asking(command, async asked =>
        {
            var request = new DiscardDeadLetterRequest { Id = asked.Get(id), RequestId = RequestIds.Of(asked.Get(requestId)) };
            await confirmation.Ask(asked.Parsed, async () =>
            {
                var letter = await Get(asked, request.Id);
                return $"{letter.Type} to {letter.To} failed: {letter.Error.Split('\n')[0]}\nThrow it away for good?";
            }, asked.Cancellation);
            asked.Printer.Print(await asked.Call<DiscardDeadLetterResponse>("Cluster/DiscardDeadLetter", request), $"dead letter {request.Id} was thrown away");
            return ExitCode.Ok;
        });
    }

    private static Task<DeadLetter> Get(Asked asked, long id) => asked.Call<DeadLetter>("Cluster/GetDeadLetter", new GetDeadLetterRequest { Id = id });

    private static Argument<long> Id() => new(Names.DeadLetter) { Description = "Its id, as list shows it." };
}
