using System.CommandLine;
using Latecomer.Node.Protocol;
using Spectre.Console;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer tables</c>.</summary>
internal static class TablesCommand
{
    private static readonly IReadOnlyList<string> Columns = ["table", "version", "pipelines", "problem"];

    /// <summary>The command.</summary>
    public static Command Create(ClientOptions client)
    {
        var tables = new Command("tables", "Shows the tables that a node watches, and looks into the log of any table.");
        foreach (var command in new[] { List(client), Get(client), Sync(client) })
        {
            tables.Subcommands.Add(client.On(command));
        }

        tables.Subcommands.Add(CommitsCommand.Create(client));
        tables.Subcommands.Add(InspectCommand.Create());
        tables.Subcommands.Add(TablePartitionsCommand.Create());
        tables.Subcommands.Add(CheckpointCommand.Create());
        return tables;
    }

    /// <summary>All watched tables.</summary>
    public static Task<ListTablesResponse> ReadAll(Http.IApi client, CancellationToken cancellation) => AllPages.Read(
        token => client.Call<ListTablesResponse>("Tables/List", new ListTablesRequest { PageToken = token }, cancellation),
        page => page.NextPageToken);

    private static Argument<string> Name() => new(Names.Table) { Description = "The table, by its folder relative to the node's dataset folder." };

    private static Command List(ClientOptions client)
    {
        var watch = WatchOption.Create();
        return client.Asking(new Command("list", "Lists the tables that are watched, with how far their logs were followed.") { watch }, asked => new Listing<ListTablesResponse, Protocol.Table>
        {
            Method = "Tables/List",
            Ask = token => new ListTablesRequest { PageToken = token },
            NextOf = page => page.NextPageToken,
            ItemsOf = page => page.Tables,
            Columns = Columns,
            Row = Row,
        }.Print(asked, asked.Get(watch)));
    }

    private static Command Get(ClientOptions client)
    {
        var name = Name();
        return client.Asking(new Command("get", "Shows a watched table.") { name }, async asked =>
        {
            var table = await asked.Call<Protocol.Table>("Tables/Get", new GetTableRequest { Table = asked.Get(name) });
            asked.Printer.Print(table, Columns, [Row(table)]);
            return ExitCode.Ok;
        });
    }

    private static Command Sync(ClientOptions client)
    {
        var (name, requestId) = (Name(), RequestIds.Option());
        var command = new Command("sync", "Has a table's log read to its end now; returns when every change up to there is known to all whom it concerns.") { name, requestId };
        return client.Asking(command, async asked =>
        {
            var response = await asked.Call<SyncTableResponse>("Tables/Sync", new SyncTableRequest { Table = asked.Get(name), RequestId = RequestIds.Of(asked.Get(requestId)) });
            asked.Printer.Print(response, $"{asked.Get(name)}: every change up to version {response.Version} is known", $"{response.Version}");
            return ExitCode.Ok;
        });
    }

    private static IReadOnlyList<string> Row(Protocol.Table table) =>
    [
        Markup.Escape(table.Table_), $"{table.Version}", Markup.Escape(string.Join(",", table.Pipelines)), table.Problem.Length > 0 ? $"[red]{Markup.Escape(table.Problem)}[/]" : "",
    ];
}
