using System.CommandLine;
using Latecomer.DeltaLog;

namespace Latecomer.Node.Cli;

/// <summary><c>latecomer tables commits</c>.</summary>
internal static class CommitsCommand
{
    private const int PageSize = 100;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var table = new TableLog();
        var after = new Option<long?>("--after") { Description = "Begins after this version; -1 for the first. All that are left when not given.", HelpName = "version" };
        var follow = new Option<bool>("--follow", "-f") { Description = "Goes on with new commits as they come, until interrupted." };
        return table.On(
            new Command("commits", "Lists the commits of a Delta table with what each changed, by partition.") { after, follow },
            async (parsed, log, cancellation) =>
            {
                await using var stdout = Console.OpenStandardOutput();
                var lines = new CommitLines(Console.Out, table.IsJson(parsed) ? stdout : null);
                return await Follow(log, parsed.GetValue(after), parsed.GetValue(follow), lines, cancellation);
            });
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
                        lines.Write(commit, definition?.Mapping ?? ColumnMapping.None);
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
