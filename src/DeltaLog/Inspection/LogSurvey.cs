namespace Latecomer.DeltaLog;

/// <summary>Everything that lies in a log, version by version: what each one amounts to, what each commit changed, and which versions cannot be read and
/// why. Replays the whole log and sums up every version, so its cost is versions times files: made for looking into a table, not for following it.</summary>
internal sealed class LogSurvey
{
    private readonly ILogStore _log;
    private readonly Dictionary<long, VersionTotals> _totals = [];
    private readonly Dictionary<long, DeltaException> _refusals = [];
    private readonly SortedDictionary<long, SurveyedCommit> _commits = [];
    private readonly SortedDictionary<long, DeltaException> _brokenCommits = [];

    private LogSurvey(ILogStore log, LogSegment segment)
    {
        _log = log;
        Segment = segment;
    }

    /// <summary>Where the table is.</summary>
    internal string Location => _log.Location;

    /// <summary>The files of the log.</summary>
    internal LogSegment Segment { get; }

    /// <summary>The versions whose state can be rebuilt, in order.</summary>
    internal IReadOnlyList<long> Reachable { get; private set; } = [];

    /// <summary>The protocol from a version on, until the next entry.</summary>
    internal DefinitionHistory<Protocol> Protocols { get; } = new(static (json, protocol, _) => DefinitionJson.Write(json, protocol));

    /// <summary>The metadata from a version on, until the next entry.</summary>
    internal DefinitionHistory<Metadata> Metadatas { get; } = new(DefinitionJson.Write);

    /// <summary>The commits that are there and can be read, in order.</summary>
    internal IReadOnlyDictionary<long, SurveyedCommit> Commits => _commits;

    /// <summary>The commits that are there and are broken, in order.</summary>
    internal IReadOnlyDictionary<long, DeltaException> BrokenCommits => _brokenCommits;

    /// <summary>The readable commits that end the log without a gap between them; null when there are none.</summary>
    internal (long First, long Last)? LastRun
    {
        get
        {
            if (_commits.Count == 0)
            {
                return null;
            }

            var last = _commits.Keys.Max();
            var first = last;
            while (_commits.ContainsKey(first - 1))
            {
                first--;
            }

            return (first, last);
        }
    }

    /// <summary>Looks at everything in a log.</summary>
    /// <exception cref="DeltaException">There is no table.</exception>
    internal static async Task<LogSurvey> Read(ILogStore log, CancellationToken cancellation)
    {
        var survey = new LogSurvey(log, await LogSegment.List(log, from: 0, cancellation));
        var before = new SurveyedState(new SnapshotState());
        var reachable = new List<long>();
        foreach (var version in survey.Segment.Versions)
        {
            before = await survey.ReadVersion(version, before.At(version - 1), cancellation);
            if (before.State is not null)
            {
                reachable.Add(version);
            }
        }

        survey.Reachable = reachable;
        return survey;
    }

    internal bool HasState(long version) => _totals.ContainsKey(version);

    internal VersionTotals TotalsOf(long version) => _totals[version];

    /// <summary>Why the protocol or definition of a version that can be rebuilt is not read; null when it is.</summary>
    internal DeltaException? RefusalOf(long version) => _refusals.GetValueOrDefault(version);

    /// <summary>Rebuilds a version again.</summary>
    internal ValueTask<SnapshotState> StateAt(long version, CancellationToken cancellation) =>
        StateReader.Read(_log, Segment, version, ActionDetail.Counts, cancellation);

    /// <summary>Why a version cannot be read; null when it can.</summary>
    internal async ValueTask<DeltaException?> ErrorOf(long version, CancellationToken cancellation)
    {
        if (HasState(version))
        {
            return RefusalOf(version);
        }

        try
        {
            await StateAt(version, cancellation);
            return null;
        }
        catch (DeltaException error)
        {
            return error;
        }
    }

    private async Task<SurveyedState> ReadVersion(long version, SurveyedState? before, CancellationToken cancellation)
    {
        var commit = await ReadCommit(version, cancellation);
        var checkpoint = await ReadCheckpoint(version, cancellation);
        var mappingBefore = before?.Mapping();
        var changes = commit is null ? null : CommitChanges.Of(commit, before?.Replayed, metadataBefore: checkpoint?.Metadata, believesEmpty: true);
        var notes = commit is null ? [] : CommitNotes.Of(commit, before?.Replayed, commit.Metadata ?? before?.Replayed?.Metadata ?? checkpoint?.Metadata);
        var replayed = commit is null ? null : before?.State;
        if (commit is not null)
        {
            replayed?.Apply(commit);
        }

        var after = new SurveyedState(checkpoint ?? replayed, replayed ?? checkpoint);
        var mapping = after.State is null ? ColumnMapping.Of(commit?.Protocol, commit?.Metadata) : after.Mapping();
        if (commit is not null)
        {
            _commits[version] = new(version, changes!, commit.Lines, commit.CdcFiles, notes, before?.State is not null, mapping, mappingBefore);
        }

        Record(after);
        return after;
    }

    private void Record(SurveyedState surveyed)
    {
        if (surveyed.State is not { } state)
        {
            return;
        }

        _totals[state.Version] = VersionTotals.Of(state, surveyed.Replayed);
        Protocols.Add(state.Version, state.Protocol, state.Protocol);
        Metadatas.Add(state.Version, state.Metadata, state.Protocol);
        if (ReaderSupport.Refusal(_log.Location, state.Version, state.Protocol, state.Metadata) is { } refusal)
        {
            _refusals[state.Version] = refusal;
        }
    }

    private async ValueTask<Commit?> ReadCommit(long version, CancellationToken cancellation)
    {
        try
        {
            return Segment.HasCommit(version) ? await CommitReader.TryRead(_log, version, ActionDetail.Counts, cancellation) : null;
        }
        catch (DeltaException error)
        {
            _brokenCommits[version] = error;
            return null;
        }
    }

    private async ValueTask<SnapshotState?> ReadCheckpoint(long version, CancellationToken cancellation)
    {
        foreach (var checkpoint in Segment.CheckpointsOf(version))
        {
            try
            {
                return await CheckpointReader.Read(_log, checkpoint, ActionDetail.Counts, cancellation);
            }
            catch (DeltaException)
            {
                // Another checkpoint of the version, or its commit, may be whole.
            }
        }

        return null;
    }
}
