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

    private static int ByCodePoints(string a, string b) => a.EnumerateRunes().Select(r => r.Value).Zip(b.EnumerateRunes().Select(r => r.Value), (x, y) => x.CompareTo(y))
        .FirstOrDefault(order => order != 0, a.Length.CompareTo(b.Length));
}

/// <summary>The query of <c>PostgresJournal</c>.</summary>
internal sealed class ModelJournal(ModelConnection connection) : IJournalStore
{
    public ValueTask<IReadOnlyList<JournalEntry>> Read(ShardId shard, long after, int limit, CancellationToken cancellation) => connection.Ask<IReadOnlyList<JournalEntry>>(
        "question for the journal",
        t => [.. connection.Database.TablesOf(shard).Journal.Rows.Select(t.Visible).OfType<JournalEntry>().Where(e => e.Position > after).Take(limit)]);
}

/// <summary>The transactions of <c>PostgresDeadLetters</c>.</summary>
internal sealed class ModelDeadLetters(ModelConnection connection) : IDeadLetterStore
{
    public ValueTask<IReadOnlyList<DeadLetter>> List(long after, int limit, bool suspendingOnly, CancellationToken cancellation) => connection.Ask<IReadOnlyList<DeadLetter>>(
        "list of dead letters",
        t => [.. connection.Database.DeadLetters.Rows.Select(t.Visible).OfType<ModelDeadLetter>().Select(d => d.Letter)
            .Where(l => l.Id > after && (l.Suspends || !suspendingOnly)).OrderBy(l => l.Id).Take(limit)]);

    public ValueTask<bool> Retry(long id, CancellationToken cancellation) => connection.Run("retry", async t =>
    {
        await t.Next("retrying");
        if (await t.Delete(connection.Database.DeadLetters.Find(id), _ => true) is not { } dead)
        {
            return false;
        }

        var letter = dead.Letter;
        await t.Insert(
            connection.Database.TablesOf(dead.Shard).Mailbox.At(id), new Mail(id, letter.To, letter.From, letter.Message, letter.Cause, Attempts: 0, letter.Request));
        return true;
    });

    public ValueTask<bool> Discard(long id, CancellationToken cancellation) => connection.Run("discard", async t =>
    {
        await t.Next("discarding");
        return await t.Delete(connection.Database.DeadLetters.Find(id), _ => true) is not null;
    });
}
