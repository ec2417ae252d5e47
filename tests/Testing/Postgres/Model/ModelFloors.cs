using Latecomer.Runtime;
using Latecomer.Runtime.Postgres;

namespace Latecomer.Tests.Testing.Postgres.Model;

/// <summary>The question of <c>FloorQueries</c>.</summary>
internal sealed class ModelFloors(ModelConnection connection)
{
    private ModelDatabase Database => connection.Database;

    public async Task<FloorAnswer> Look(FloorQuestion question, CancellationToken cancellation) => await connection.Run("look for floors", async t =>
    {
        await t.Next("looking for floors");
        var proof = Database.Weakness == Weakness.FloorHint ? new FloorProof(Database.LastNumber, 0) : question.Proof;
        List<(int, long)> floors = proof is not null && Database.OldestTransaction >= proof.Before
            ? [.. Shards(t, question).Select(f => (f.Key, Floor(t, new ShardId(f.Key), f.Value, proof.Number)))]
            : [];
        await t.Next("asking for the newest number");
        var newest = Database.LastNumber;
        await t.Next("drawing a transaction id");
        return new FloorAnswer(floors, new FloorProof(newest, t.DrawId()), "model");
    });

    private IEnumerable<KeyValuePair<int, long>> Shards(ModelTransaction t, FloorQuestion question) => question.Floors.UnionBy(
        Database.Shards.Rows.Select(t.Visible).OfType<ShardOwnership>().Select(s => KeyValuePair.Create(s.Shard.Number, 0L)), s => s.Key);

    private long Floor(ModelTransaction t, ShardId shard, long floor, long atMost)
    {
        var mail = Database.TablesOf(shard).Mailbox.Rows.Select(t.Visible).OfType<Mail>().FirstOrDefault(m => m.Id > floor);
        var letters = Database.DeadLetters.Rows.Select(t.Visible).OfType<ModelDeadLetter>().Where(d => d.Shard == shard).Select(d => d.Letter.Id);
        return Math.Min(atMost, Math.Min(mail?.Id ?? long.MaxValue, letters.DefaultIfEmpty(long.MaxValue).Min()) - 1);
    }
}
