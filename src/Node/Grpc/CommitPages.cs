using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Node.Grpc;

/// <summary>Pages of a table's commits, in the order of their versions.</summary>
internal static class CommitPages
{
    /// <summary>Rows that one page looks through at most for those that are wanted: it may be short, or empty, and have a page behind it.</summary>
    private const int MostLookedThrough = 10_000;

    private const int Piece = 500;

    // The versions' twenty digits begin with it: what lies deeper in the table's folder, such as a table of its own, seldom does.
    private const string FirstDigit = "0";

    /// <summary>Above every part of a version: the highest code point, which is no character.</summary>
    private const string Highest = "\U0010FFFF";

    /// <summary>Reads a page.</summary>
    /// <exception cref="FormatException">The size or the token is wrong.</exception>
    public static async Task<(IReadOnlyList<CommitRow> Rows, string NextToken)> Read(
        IProjectionStore rows, TablePath table, long? afterVersion, Func<CommitRow, bool> wanted, int size, string token, CancellationToken cancellation)
    {
        var limit = Pages.LimitOf(size);
        var prefix = $"{table}/{FirstDigit}";
        var after = Pages.KeyOf(token, prefix) ?? (afterVersion is >= 0 ? $"{table}/{afterVersion:D20}/{Highest}" : null);
        var found = new List<CommitRow>();
        for (var looked = 0; looked < MostLookedThrough; looked += Piece)
        {
            var piece = await rows.List(Projections.Commits, prefix, after, Piece, cancellation);
            foreach (var row in piece)
            {
                if (row.As<CommitRow>() is var commit && commit.Table == table && wanted(commit))
                {
                    if (found.Count == limit)
                    {
                        return (found, Pages.TokenOf(after!));
                    }

                    found.Add(commit);
                }

                after = row.Key;
            }

            if (piece.Count < Piece)
            {
                return (found, "");
            }
        }

        return (found, Pages.TokenOf(after!));
    }
}
