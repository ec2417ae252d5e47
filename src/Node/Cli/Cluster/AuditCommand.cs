using System.CommandLine;
using System.Globalization;
using Latecomer.Node.Protocol;
using Spectre.Console;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer cluster audit</c>.</summary>
internal static class AuditCommand
{
    private const int Usual = 50;

    /// <summary>The command.</summary>
    public static Command Create(ClientOptions client)
    {
        var limit = Options.Number("--limit", "How many at most, the newest first.", Usual, 1, 1000);
        return client.Asking(new Command("audit", "Lists who asked for what: commands, and calls that were denied. For admins.") { limit }, async asked =>
        {
            var page = await asked.Call<ListAuditRecordsResponse>("Cluster/ListAuditRecords", new ListAuditRecordsRequest { PageSize = asked.Get(limit) });
            asked.Printer.Print(page, ["time", "caller", "from", "method", "target", "result"], page.Records.Select(r => (IReadOnlyList<string>)
            [
                r.Time.ToDateTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), Markup.Escape(r.Caller), Markup.Escape(r.Address), Markup.Escape(r.Method),
                Markup.Escape(r.Target), Markup.Escape(r.Reason.Length > 0 ? $"{r.Status}: {r.Reason}" : r.Status),
            ]));
            return ExitCode.Ok;
        });
    }
}
