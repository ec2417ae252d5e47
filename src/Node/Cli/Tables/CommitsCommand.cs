using System.CommandLine;
using Latecomer.DeltaLog;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer tables commits</c>.</summary>
internal static class CommitsCommand
{
    private const int PageSize = 100;

    /// <summary>The command.</summary>
    public static Command Create(ClientOptions client)
    {
        var table = new Argument<string>(Names.Table)
        {
            Description = "A table's folder, whose log is read; or the name of a table that a node watches. What is no folder with a log, or has --server or --context beside it, is a name.",
        };
        var after = new Option<long?>("--after") { Description = "Begins after this version; -1 for the first. All that are left when not given.", HelpName = "version" };
        var follow = new Option<bool>("--follow", "-f", "--watch", "-w") { Description = "Goes on with new commits as they come, until interrupted." };
        var nowhere = new Option<bool>("--nowhere") { Description = "Of a watched table: only those that changed data which belongs to no execution date, and so made nothing late." };
        var command = client.On(new Command("commits", "Lists the commits of a Delta table with what each changed: by partition from its log, or as a node has seen them.") { table, after, follow, nowhere });
        command.SetAction(async (parsed, cancellation) =>
        {
            var (name, version, goesOn) = (parsed.GetValue(table)!, parsed.GetValue(after), parsed.GetValue(follow));
            if (TableLog.IsFolder(name) && !client.NamesNode(parsed) && !parsed.GetValue(nowhere))
            {
                var printer = client.Printer(parsed);
                return await TableLog.OrDocument(printer, () => Follow(new LocalLogStore(name), version, goesOn, new CommitLines(Console.Out, printer), cancellation));
            }

            using var api = client.Client(parsed);
            return await SeenCommits.Of(name, version, parsed.GetValue(nowhere)).Print(new Asked(parsed, api, client.Printer(parsed), cancellation), goesOn);
        });
        return command;
    }

    private static async Task<int> Follow(ILogStore log, long? after, bool goesOn, CommitLines lines, CancellationToken cancellation)
    {
        var follower = new LogFollower(log, removes: RemoveDetail.Totals);
        var at = after is { } version ? new LogPosition(version) : await follower.FindOldest(cancellation);
        var definition = await DefinitionAt(log, at.Version, cancellation);
        while (true)
        {
            switch (await follower.ReadAfter(at, PageSize, cancellation))
            {
                case FollowResult.Stopped stopped:
                    throw new DeltaException(stopped.Class, stopped.Message);
                case FollowResult.Commits { Changes: [.., var last] page }:
                    foreach (var commit in page)
                    {
                        definition = definition?.After(commit) ?? LogDefinition.Of(commit);
                        await lines.Write(commit, definition?.Mapping ?? ColumnMapping.None);
                    }

                    at = last.Position;
                    break;
                case FollowResult.Commits { MoreExist: false } when !goesOn:
                    return ExitCode.Ok;
                default:
                    await follower.WaitForGrowth(at.Version, cancellation);
                    break;
            }
        }
    }

    /// <summary>What the table is where the commits begin; where that is not known any more, what it is now.</summary>
    private static async Task<LogDefinition?> DefinitionAt(ILogStore log, long version, CancellationToken cancellation) =>
        version < 0 ? null : await TryRead(log, version, cancellation) ?? await TryRead(log, version: null, cancellation);

    private static async Task<LogDefinition?> TryRead(ILogStore log, long? version, CancellationToken cancellation)
    {
        try
        {
            return await LogDefinition.Read(log, version, cancellation);
        }
        catch (DeltaException)
        {
            // The commits may still be readable, up to what is wrong.
            return null;
        }
    }
}
