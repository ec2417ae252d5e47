using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Node.Cli;
using Latecomer.Node.Http;
using Latecomer.Node.Protocol;
using Latecomer.Runtime;
using Latecomer.Runtime.Postgres;
using Latecomer.Tests.Testing;
using Npgsql;
using Letter = Latecomer.Node.Protocol.DeadLetter;

namespace Latecomer.Tests.Integration.Hosting;

/// <summary>A message that no build can read reaches an actor of a node; people find it and decide.</summary>
public sealed class DeadLetterTests : IAsyncLifetime
{
    private const string Pipeline = "orders";

    private HostedCluster _cluster = null!;
    private ApiClient _client = null!;

    public async Task InitializeAsync()
    {
        _cluster = await HostedCluster.Make();
        _client = await _cluster.Add("a");
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task One_from_an_actor_suspends_its_receiver_and_health_is_red_until_it_is_discarded()
    {
        await Poison(sender: "Pipeline/other");
        var letter = await OnlyOne(_ => true);
        (letter.To, letter.From, letter.Type, letter.Suspends, letter.Body).ShouldBe(("Pipeline/orders", "Pipeline/other", "Nonsense", true, ""));
        letter.Error.ShouldNotContain("\n");
        (await ReadyStatus()).ShouldBe(System.Net.HttpStatusCode.ServiceUnavailable);

        using var patience = new CancellationTokenSource(Liveness.Bound);
        var asked = HostedCluster.Ask(_client, Pipeline, patience.Token);
        await HostedCluster.Ask(_client, "others", patience.Token);
        asked.IsCompleted.ShouldBeFalse();
        await HostedCluster.Until(_client, "what waits for it", shown => shown is { Backlog: 1, BusyShards: 0, DeadLetters: 1 });
        await _client.Call<DiscardDeadLetterResponse>("Cluster/DiscardDeadLetter", new DiscardDeadLetterRequest { Id = letter.Id }, default);
        await asked;
        (await List()).ShouldBeEmpty();
        (await ReadyStatus()).ShouldBe(System.Net.HttpStatusCode.OK);
    }

    [Fact]
    public async Task One_that_is_retried_in_vain_is_set_aside_again()
    {
        await Poison(sender: "Pipeline/other");
        var first = await OnlyOne(_ => true);
        await _client.Call<RetryDeadLetterResponse>("Cluster/RetryDeadLetter", new RetryDeadLetterRequest { Id = first.Id, RequestId = "retry" }, default);
        var again = await OnlyOne(letter => letter.SetAsideTime.ToDateTime() > first.SetAsideTime.ToDateTime());
        again.Id.ShouldBe(first.Id);

        // The same request again is answered and changes nothing; the same id for something else is refused.
        await _client.Call<RetryDeadLetterResponse>("Cluster/RetryDeadLetter", new RetryDeadLetterRequest { Id = first.Id, RequestId = "retry" }, default);
        (await OnlyOne(_ => true)).SetAsideTime.ShouldBe(again.SetAsideTime);
        (await Should.ThrowAsync<Refusal>(
                () => _client.Call<DiscardDeadLetterResponse>("Cluster/DiscardDeadLetter", new DiscardDeadLetterRequest { Id = first.Id, RequestId = "retry" }, default)))
            .Message.ShouldContain("was used for another request");
        var whole = await _client.Call<Letter>("Cluster/GetDeadLetter", new GetDeadLetterRequest { Id = first.Id }, default);
        whole.Body.ShouldBe("""{"no":"sense"}""");
        whole.Error.ShouldStartWith(again.Error);
    }

    [Fact]
    public async Task One_from_the_edge_is_answered_and_suspends_nobody()
    {
        await using (var store = await PostgresRuntimeStore.Open(_cluster.ConnectionString, default))
        {
            var to = ActorIds.Pipeline(PipelineName.Parse(Pipeline));
            var message = new SerializedMessage("Nonsense", 1, "{}"u8.ToArray());
            await store.Requests.Submit(
                new NewRequest(RequestId.Parse("poison"), "hash", to, ActorIds.Catalog().ShardOf(to), message, DateTimeOffset.UtcNow.AddDays(1)), default);
        }

        var letter = await OnlyOne(_ => true);
        (letter.Suspends, letter.RequestId).ShouldBe((false, "poison"));
        using var patience = new CancellationTokenSource(Liveness.Bound);
        await HostedCluster.Ask(_client, Pipeline, patience.Token);
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        (await Should.ThrowAsync<Refusal>(() => _client.Call<RetryDeadLetterResponse>("Cluster/RetryDeadLetter", new RetryDeadLetterRequest { Id = 99 }, default)))
            .Message.ShouldContain("dead letter 99");
    }

    /// <summary>Puts mail there as a build of tomorrow would have that was rolled back.</summary>
    private async Task Poison(string sender)
    {
        var to = ActorIds.Pipeline(PipelineName.Parse(Pipeline));
        await using var connection = new NpgsqlConnection(_cluster.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var insert = new NpgsqlCommand(
            """
            INSERT INTO latecomer.mailbox (id, shard, actor, sender, type, schema_version, body, cause, attempts)
            VALUES (nextval('latecomer.number'), $1, $2, $3, 'Nonsense', 1, convert_to('{"no":"sense"}', 'UTF8'), 'test', 0)
            """,
            connection)
        {
            Parameters =
            {
                new NpgsqlParameter { Value = ActorIds.Catalog().ShardOf(to).Number },
                new NpgsqlParameter { Value = to.ToString() },
                new NpgsqlParameter { Value = sender },
            },
        };
        await insert.ExecuteNonQueryAsync();
    }

    private async Task<IReadOnlyList<Letter>> List() =>
        (await _client.Call<ListDeadLettersResponse>("Cluster/ListDeadLetters", new ListDeadLettersRequest(), default)).DeadLetters;

    private async Task<Letter> OnlyOne(Func<Letter, bool> wanted) =>
        (await HostedCluster.Until(List, "a dead letter", letters => letters is [var letter] && wanted(letter)))[0];

    private async Task<System.Net.HttpStatusCode> ReadyStatus()
    {
        using var http = new HttpClient();
        return (await http.GetAsync(new Uri(_cluster.Hosts[0].Address, "/readyz"))).StatusCode;
    }
}
