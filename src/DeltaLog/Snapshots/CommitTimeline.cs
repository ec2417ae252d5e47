using System.Globalization;

namespace Latecomer.DeltaLog;

/// <summary>The times of the commits of a log, from the first version that can be rebuilt to the latest, in milliseconds since the epoch. Where the table has in-commit
/// timestamps they count; before, the times at which the files were put, each moved to at least 1 ms after the one before, as other readers do.</summary>
internal sealed class CommitTimeline(ILogStore log, long first, long last, InCommitTimestamps? inCommit)
{
    /// <summary>The version that was current at an instant.</summary>
    /// <exception cref="DeltaException">The instant lies before the first commit or after the last one; or a commit does not tell its time.</exception>
    internal async ValueTask<long> Find(DateTimeOffset instant, CancellationToken cancellation)
    {
        var at = instant.ToUnixTimeMilliseconds();
        if (inCommit is null)
        {
            return await FindByFiles(at, first, last, cancellation);
        }

        var firstInCommit = Math.Max(first, inCommit.FromVersion);
        if (at < inCommit.FromTime && first < inCommit.FromVersion)
        {
            return await FindByFiles(at, first, Math.Min(last, inCommit.FromVersion - 1), cancellation);
        }

        return firstInCommit > last
            ? throw new DeltaException(
                DeltaErrorClass.CorruptCommit,
                $"{log.Location}: the table has in-commit timestamps from version {inCommit.FromVersion} on, which lies beyond its latest version, {last}")
            : await FindByCommits(at, firstInCommit, cancellation);
    }

    /// <summary>In-commit timestamps only grow, so few of them need to be read.</summary>
    private async ValueTask<long> FindByCommits(long at, long from, CancellationToken cancellation)
    {
        var (low, high) = (from, last);
        var (earliest, latest) = (await InCommitTime(low, cancellation), await InCommitTime(high, cancellation));
        RequireWithin(at, earliest, from, latest);
        while (low < high)
        {
            var middle = high - ((high - low) / 2);
            if (await InCommitTime(middle, cancellation) <= at)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }

    private async ValueTask<long> FindByFiles(long at, long from, long to, CancellationToken cancellation)
    {
        var (found, earliest, latest) = (from, 0L, 0L);
        for (var version = from; version <= to; version++)
        {
            var put = await PutTime(version, cancellation);
            latest = version == from ? put : Math.Max(put, latest + 1);
            earliest = version == from ? put : earliest;
            found = latest <= at ? version : found;
        }

        // Between the last file without a time of its own and the first commit with one, the file's version was current.
        RequireWithin(at, earliest, from, to == last ? latest : null);
        return found;
    }

    private void RequireWithin(long at, long earliest, long earliestVersion, long? latest)
    {
        if (at >= earliest && (latest is null || at <= latest))
        {
            return;
        }

        var to = latest is { } known ? $" to {Shown(known)}, version {last}" : "";
        throw at < earliest && earliestVersion > 0
            ? new DeltaException(
                DeltaErrorClass.VersionNotReachable,
                $"{log.Location}: the version at {Shown(at)} cannot be rebuilt: what is left of the log reaches from {Shown(earliest)}, version {earliestVersion},{(to.Length == 0 ? " on" : to)}")
            : new DeltaException(
                DeltaErrorClass.VersionNotFound,
                $"{log.Location}: there is no version at {Shown(at)}, which lies {(at < earliest ? "before the first" : "after the latest")} commit: "
                + $"the log reaches from {Shown(earliest)}, version {earliestVersion},{(to.Length == 0 ? " on" : to)}");
    }

    private async ValueTask<long> InCommitTime(long version, CancellationToken cancellation)
    {
        var commit = await CommitReader.TryRead(log, version, ActionDetail.Definition, cancellation) ?? throw Gone(version);
        return commit.CommitInfo?.InCommitTimestamp ?? throw new DeltaException(
            DeltaErrorClass.CorruptCommit,
            $"{log.Location}: commit {version} has no inCommitTimestamp, which the table's properties promise from version {inCommit!.FromVersion} on");
    }

    private async ValueTask<long> PutTime(long version, CancellationToken cancellation) =>
        (await log.TryStat(LogFile.CommitName(version), cancellation) ?? throw Gone(version)).LastModified.ToUnixTimeMilliseconds();

    private DeltaException Gone(long version) =>
        new(DeltaErrorClass.VersionNotReachable, $"{log.Location}: commit {version} went away while the log was read");

    private static string Shown(long milliseconds) =>
        CommitClock.FromMilliseconds(milliseconds)?.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture) ?? $"{milliseconds} ms";
}
