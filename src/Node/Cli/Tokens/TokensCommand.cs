using System.CommandLine;
using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Latecomer.Contracts;
using Latecomer.Node.Access;
using Latecomer.Node.Configuration;
using Latecomer.Node.Protocol;
using Spectre.Console;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer tokens</c>.</summary>
internal static class TokensCommand
{
    /// <summary>The command.</summary>
    public static Command Create(ClientOptions client) => client.On(new Command("tokens", "Makes, lists and revokes the tokens by which callers are known. For admins.")
    {
        Make(client),
        List(client),
        Revoke(client),
    });

    private static Command Make(ClientOptions client)
    {
        var name = Options.Argument<TokenName>("NAME", "Whose it is, as the audit tells it.");
        var role = Options.Word<TokenRole>("--role", "What its bearer may do: look, command pipelines, or everything.");
        role.Required = true;
        var expires = new Option<string?>("--expires") { Description = "After what time it is good no more, such as 90d; never when not given.", HelpName = "time" };
        var requestId = RequestIds.Option();
        return client.Asking(new Command("create", "Makes a token, and prints it: this once, for only its hash is kept.") { name, role, expires, requestId }, async asked =>
        {
            var token = TokenText.Make();
            var made = await asked.Call<Token>("Tokens/Create", new CreateTokenRequest
            {
                Name = asked.Get(name).Value,
                Role = asked.Get(role)!.Value,
                Sha256 = TokenHash.Of(token).Value,
                ExpireTime = asked.Get(expires) is { } text ? (DateTimeOffset.UtcNow + Time(text)).ToTimestamp() : null,
                RequestId = RequestIds.Of(asked.Get(requestId)),
            });
            await Console.Error.WriteLineAsync($"latecomer: the token {made.TokenId} of {made.Name}, {RoleOf(made)}. It is told this once.");
            Console.WriteLine(token);
            return ExitCode.Ok;
        });
    }

    private static Command List(ClientOptions client) => client.Asking(new Command("list", "Lists the tokens that are good."), async asked =>
    {
        var all = await asked.All<ListTokensResponse>("Tokens/List", token => new ListTokensRequest { PageToken = token, PageSize = 1000 }, page => page.NextPageToken);
        asked.Printer.Print(all, ["id", "name", "role", "made", "expires"], all.Tokens.Select(t => (IReadOnlyList<string>)
        [
            Markup.Escape(t.TokenId), Markup.Escape(t.Name), RoleOf(t), Text(t.CreateTime), t.ExpireTime is null ? "never" : Text(t.ExpireTime),
        ]));
        return ExitCode.Ok;
    });

    private static Command Revoke(ClientOptions client)
    {
        var id = new Argument<string>("ID") { Description = "The token's id, as 'tokens list' tells it." };
        var requestId = RequestIds.Option();
        var confirmation = new Confirmation();
        return client.Asking(confirmation.On(new Command("revoke", "Makes a token good no more.") { id, requestId }), async asked =>
        {
            await confirmation.Ask(asked.Parsed, () => Task.FromResult($"Revoke the token {asked.Get(id)}?"), asked.Cancellation);
            var revoked = await asked.Call<Token>("Tokens/Revoke", new RevokeTokenRequest { TokenId = asked.Get(id), RequestId = RequestIds.Of(asked.Get(requestId)) });
            asked.Printer.Print(revoked, $"token {revoked.TokenId} of {revoked.Name} revoked");
            return ExitCode.Ok;
        });
    }

    private static TimeSpan Time(string text)
    {
        try
        {
            return SettingText.Kept(text);
        }
        catch (FormatException e)
        {
            throw new Refusal(ExitCode.Usage, $"--expires: {e.Message}", e);
        }
    }

    private static string RoleOf(Token token) => token.Role.ToString().ToLowerInvariant();

    private static string Text(Timestamp time) => time.ToDateTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
