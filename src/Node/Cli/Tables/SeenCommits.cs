using Latecomer.Node.Protocol;
using Spectre.Console;

namespace Latecomer.Node.Cli;

/// <summary>The commits of a watched table as a node has seen them.</summary>
internal static class SeenCommits
{
    /// <summary>Those above a version; all when null.</summary>
    public static Listing<ListCommitsResponse, TableCommit> Of(string table, long? after, bool nowhere) => new()
    {
        Method = "Tables/ListCommits",
        Ask = token => Request(table, after, nowhere, token),
        NextOf = page => page.NextPageToken,
        ItemsOf = page => page.Commits,
        Columns = ["version", "when", "by", "partitions", "nowhere", "files", "rows", "bytes", "data"],
        Row = c =>
        [
            $"{c.Version}", RunRows.Time(c.CommitTime), Markup.Escape(c.RunId.Length > 0 ? $"{c.Pipeline} {c.RunId}" : ""), $"{c.Partitions}", c.NowherePartitions > 0 ? $"[yellow]{c.NowherePartitions}[/]" : "",
            $"+{c.FilesAdded} -{c.FilesRemoved}", $"{c.Rows}", $"{c.Bytes}", c.DataChange ? "changed" : "rearranged",
        ],
    };

    private static ListCommitsRequest Request(string table, long? after, bool nowhere, string token)
    {
        var request = new ListCommitsRequest { Table = table, Nowhere = nowhere, PageToken = token, PageSize = 1000 };
        if (after is { } version)
        {
            request.AfterVersion = version;
        }

        return request;
    }
}
