using Latecomer.Runtime;

namespace Latecomer.Tests.Testing.Postgres.Model;

/// <summary>The queries of <c>PostgresProjections</c>.</summary>
internal sealed class ModelProjections(ModelConnection connection) : IProjectionStore
{
    public ValueTask<ProjectionRow?> Get(string projection, string key, CancellationToken cancellation) => connection.Ask(
        "question for a row", t => connection.Database.Projections.Find((projection, key)) is { } row ? t.Visible(row) : null);

    public ValueTask<IReadOnlyList<ProjectionRow>> List(string projection, string prefix, string? after, int limit, CancellationToken cancellation) =>
        connection.Ask<IReadOnlyList<ProjectionRow>>("list of rows", t =>
        [
            .. connection.Database.Projections.Keys.Where(k => k.Projection == projection && k.Key.StartsWith(prefix, StringComparison.Ordinal))
                .Select(k => t.Visible(connection.Database.Projections.Find(k)!)).OfType<ProjectionRow>()
                .Order(Comparer<ProjectionRow>.Create((a, b) => ByCodePoints(a.Key, b.Key))).Where(r => after is null || ByCodePoints(r.Key, after) > 0).Take(limit),
        ]);

    public ValueTask<int> RemoveRetired(DateTimeOffset before, int limit, CancellationToken cancellation) => connection.Run("removal of history", async t =>
    {
        await t.Next("removing what is retired");
        var removed = 0;
        foreach (var row in connection.Database.Retired.Rows.OrderBy(r => t.Visible(r)?.At).ToList())
        {
            if (removed < limit && await t.Select(row, r => r.At < before, LockMode.Update, skipLocked: true) is { } retired)
            {
                row.Write(t, null);
                await t.Delete(connection.Database.Projections.Find((retired.Projection, retired.Key)), _ => true);
                removed++;
            }
        }

        return removed;
    });

    public static int ByCodePoints(string a, string b) => a.EnumerateRunes().Select(r => r.Value).Zip(b.EnumerateRunes().Select(r => r.Value), (x, y) => x.CompareTo(y))
        .FirstOrDefault(order => order != 0, a.Length.CompareTo(b.Length));
}

/// <summary>The queries of <c>PostgresActors</c>.</summary>
internal sealed class ModelActors(ModelConnection connection) : IActorStore
{
    public ValueTask<IReadOnlyList<ActorStatus>> List(string prefix, string? after, int limit, CancellationToken cancellation) => connection.Ask<IReadOnlyList<ActorStatus>>(
        "list of actors",
        t =>
        [
            .. connection.Database.Shards.Keys.SelectMany(shard => connection.Database.TablesOf(shard).States.Rows.Select(t.Visible).OfType<StateImage>()
                    .Select(i => new ActorStatus(i.Actor, new ShardId(shard), i.Revision, i.Body.Length)))
                .Where(a => a.Actor.ToString() is var id && id.StartsWith(prefix, StringComparison.Ordinal) && (after is null || ModelProjections.ByCodePoints(id, after) > 0))
                .Order(Comparer<ActorStatus>.Create((a, b) => ModelProjections.ByCodePoints(a.Actor.ToString(), b.Actor.ToString()))).Take(limit),
        ]);
}

/// <summary>The transactions of <c>PostgresJournal</c>.</summary>
internal sealed class ModelJournal(ModelConnection connection, IModelWatch watch) : IJournalStore
{
    public ValueTask<Guid> Identity(CancellationToken cancellation) => connection.Ask("question for the journal's name", t => t.Database.Identity);

    public ValueTask<IReadOnlyList<JournalHead>> Heads(CancellationToken cancellation) => connection.Ask<IReadOnlyList<JournalHead>>(
        "question for heads",
        t => [.. t.Database.Shards.Keys.Select(shard => (Shard: new ShardId(shard), Last: t.Database.TablesOf(shard).Journal.Last(t)))
            .Where(s => s.Last is not null).Select(s => new JournalHead(s.Shard, s.Last!.Position))]);

    public ValueTask<IReadOnlyList<JournalEntry>> ReadActor(ShardId shard, ActorId actor, long before, int limit, CancellationToken cancellation) => connection.Ask<IReadOnlyList<JournalEntry>>(
        "question for an actor's journal", t => [.. Entries(t, shard).Reverse().Where(e => e.Actor == actor && e.Position < before).Take(limit)]);

    public ValueTask<JournalPage> Read(ShardId shard, long after, int limit, CancellationToken cancellation) => connection.Ask(
        "question for the journal",
        t => JournalPage.Of(after, [.. Entries(t, shard).Where(e => e.Position > after).Take(limit)]));

    public async ValueTask<JournalTrim?> Trim(Lease lease, DateTimeOffset before, int limit, CancellationToken cancellation)
    {
        try
        {
            return await connection.Run(
                "trim of the journal",
                async t =>
                {
                    await t.Next("begin");
                    await Fence.Pass(t, [lease]);
                    await t.Next("removing the oldest");
                    var trim = await RemoveOldest(t, lease.Shard, before, limit);
                    t.AfterCommit(() => watch.Trimmed(lease, before, trim.Removed));
                    return trim;
                },
                connection.Database.Weakness == Weakness.RepeatableRead);
        }
        catch (StoreFaultException fault) when (ModelConnection.CodeOf(fault) == SqlState.LeaseLost)
        {
            return null;
        }
    }

    private static async ValueTask<JournalTrim> RemoveOldest(ModelTransaction t, ShardId shard, DateTimeOffset before, int limit)
    {
        var oldest = Entries(t, shard).Take(limit + 1).ToList();
        if (oldest.Count == 0)
        {
            return new JournalTrim(0, Oldest: null);
        }

        var removed = 0;
        while (removed < oldest.Count - 1 && oldest[removed].At < before)
        {
            await t.Delete(t.Database.TablesOf(shard).Journal.Find(oldest[removed].Position), _ => true);
            removed++;
        }

        return new JournalTrim(removed, oldest[removed].At);
    }

    private static IEnumerable<JournalEntry> Entries(ModelTransaction t, ShardId shard) =>
        t.Database.TablesOf(shard).Journal.Rows.Select(t.Visible).OfType<JournalEntry>();
}

/// <summary>The transactions of <c>PostgresDeadLetters</c>.</summary>
internal sealed class ModelDeadLetters(ModelConnection connection) : IDeadLetterStore
{
    public ValueTask<IReadOnlyList<DeadLetter>> List(long after, int limit, bool suspendingOnly, CancellationToken cancellation) => connection.Ask<IReadOnlyList<DeadLetter>>(
        "list of dead letters",
        t => [.. connection.Database.DeadLetters.Rows.Select(t.Visible).OfType<ModelDeadLetter>().Select(d => d.Letter)
            .Where(l => l.Id > after && (l.Suspends || !suspendingOnly)).OrderBy(l => l.Id).Take(limit)]);

    public ValueTask<SubmitOutcome?> Settle(long id, LetterFate fate, DecidedRequest request, CancellationToken cancellation) => connection.Run("settling", async t =>
    {
        await t.Next("settling");
        if (await t.Select(connection.Database.DeadLetters.At(id), _ => true, LockMode.Update) is { } dead && await ModelRequests.TryAdd(t, request))
        {
            connection.Database.DeadLetters.At(id).Write(t, null);
            var letter = dead.Letter;
            if (fate == LetterFate.Retried)
            {
                await t.Insert(
                    connection.Database.TablesOf(dead.Shard).Mailbox.At(id), new Mail(id, letter.To, letter.From, letter.Message, letter.Cause, Attempts: 0, letter.Request));
            }

            return new SubmitOutcome.Accepted();
        }

        await t.Next("looking what is known");
        return ModelRequests.OutcomeOf(t, request.Id, request.Hash);
    });
}
