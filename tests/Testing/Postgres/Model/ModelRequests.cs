using Latecomer.Runtime;

namespace Latecomer.Tests.Testing.Postgres.Model;

/// <summary>The transactions of <c>PostgresRequests</c>.</summary>
internal sealed class ModelRequests(ModelConnection connection, IModelWatch watch) : IRequestStore
{
    private ModelDatabase Database => connection.Database;

    public async ValueTask<SubmitOutcome> Submit(NewRequest request, CancellationToken cancellation)
    {
        while (true)
        {
            if (await connection.Run("request", t => Submit(t, request)) is { } outcome)
            {
                return outcome;
            }
        }
    }

    public async ValueTask<SubmitOutcome> Record(DecidedRequest request, CancellationToken cancellation)
    {
        while (true)
        {
            var outcome = await connection.Run("recorded request", async t =>
            {
                await t.Next("adding");
                var added = await TryAdd(t, request);
                await t.Next("looking what is known");
                return added ? new SubmitOutcome.Accepted() : OutcomeOf(t, request.Id, request.Hash);
            });
            if (outcome is not null)
            {
                return outcome;
            }
        }
    }

    public static async ValueTask<bool> TryAdd(ModelTransaction t, DecidedRequest request) => await t.TryInsert(
        t.Database.Requests.At(request.Id), new ModelRequest(request.Hash, request.ExpiresAt, request.Reply, request.At));

    /// <summary>What became of a request; null if there is none of that id.</summary>
    public static SubmitOutcome? OutcomeOf(ModelTransaction t, RequestId id, string hash) => t.Visible(t.Database.Requests.At(id)) switch
    {
        null => null,
        var known when known.Hash != hash => new SubmitOutcome.Mismatch(),
        { Reply: null } => new SubmitOutcome.Pending(),
        var known => new SubmitOutcome.Decided(known.Reply),
    };

    public ValueTask<SubmitOutcome?> Find(RequestId request, string hash, CancellationToken cancellation) =>
        connection.Ask("question for a request", t => OutcomeOf(t, request, hash));

    public ValueTask<StoredReply?> FindReply(RequestId request, CancellationToken cancellation) =>
        connection.Ask("question for a reply", t => Database.Requests.Find(request) is { } row ? t.Visible(row)?.Reply : null);

    public ValueTask<int> Expire(DateTimeOffset now, TimeSpan kept, int limit, CancellationToken cancellation) => connection.Run("expiry of requests", async t =>
    {
        await t.Next("expiring");
        var expired = 0;
        foreach (var row in Database.Requests.Rows.OrderBy(r => t.Visible(r)?.ExpiresAt).ToList())
        {
            if (expired < limit && await t.Select(row, r => r.Reply is not null && r.ExpiresAt < now && !(r.AnsweredAt >= now - kept), LockMode.Update, skipLocked: true) is not null)
            {
                row.Write(t, null);
                expired++;
            }
        }

        return expired;
    });

    private async ValueTask<SubmitOutcome?> Submit(ModelTransaction t, NewRequest request)
    {
        await t.Next("adding");
        var row = Database.Requests.At(request.Id);
        var added = t.Visible(row) is null && await t.TryInsert(row, new ModelRequest(request.Hash, request.ExpiresAt, Reply: null, AnsweredAt: null));
        if (added)
        {
            await ModelTurns.Deliver(t, request.Shard, id => new Mail(id, request.To, From: null, request.Message, request.Cause, Attempts: 0, request.Id));
            t.AfterCommit(() => watch.Accepted(request));
        }

        await t.Next("looking what is known");
        return added ? new SubmitOutcome.Accepted() : OutcomeOf(t, request.Id, request.Hash);
    }
}
