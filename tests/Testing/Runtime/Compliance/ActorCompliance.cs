using Latecomer.Runtime;

namespace Latecomer.Tests.Testing.Runtime;

/// <summary>The list of actors.</summary>
public abstract class ActorCompliance<TStore> : StoreCompliance<TStore>
    where TStore : IStoreUnderTest, new()
{
    [Fact]
    public async Task Nobody_is_listed_before_his_first_state() => (await List("")).ShouldBeEmpty();

    [Fact]
    public async Task Actors_of_all_shards_are_listed_in_order_as_they_are_now()
    {
        var other = (await Take(OtherShard, 0, Second)).ShouldNotBeNull();
        await Committed(b => b.States.Add((Image(1, Bob), 0)), other);
        await Committed(b => b.States.Add((Image(1), 0)));
        await Committed(b => b.States.Add((Image(2, text: "longer than before"), 1)));
        (await List("")).ShouldBe([new ActorStatus(Alice, Shard, 2, 18), new ActorStatus(Bob, OtherShard, 1, 5)]);
    }

    [Fact]
    public async Task They_are_listed_by_prefix_in_pages()
    {
        foreach (var id in new[] { "Toy/b", "Toy/a/1", "Toy/a/2", "Toy/a/3", "Tool/a/1", "Toys/a/1", "Toy/\U0001F600", "Toy/\uE000" })
        {
            await Committed(b => b.States.Add((Image(1, ActorId.Parse(id)), 0)));
        }

        (await Ids("Toy/")).ShouldBe(["Toy/a/1", "Toy/a/2", "Toy/a/3", "Toy/b", "Toy/\uE000", "Toy/\U0001F600"]);
        (await Ids("Toy/a/", limit: 2)).ShouldBe(["Toy/a/1", "Toy/a/2"]);
        (await Ids("Toy/a/", after: "Toy/a/2")).ShouldBe(["Toy/a/3"]);
        (await Ids("Toy/a/", after: "Toy/a/3")).ShouldBeEmpty();
        (await Ids("Tox")).ShouldBeEmpty();
    }

    private async Task<IReadOnlyList<ActorStatus>> List(string prefix, string? after = null, int limit = 100) => await Store.Actors.List(prefix, after, limit, default);

    private async Task<IReadOnlyList<string>> Ids(string prefix, string? after = null, int limit = 100) => [.. (await List(prefix, after, limit)).Select(a => a.Actor.ToString())];
}
