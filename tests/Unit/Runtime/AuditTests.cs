using Latecomer.Runtime;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.Runtime;

namespace Latecomer.Tests.Unit.Runtime;

/// <summary>Who asked is written with what the request led to, in one transaction: by the way through a mailbox and by that of an offer.</summary>
public sealed class AuditTests : IAsyncLifetime
{
    private static readonly ActorId Ann = CounterActor.Id("ann");
    private static readonly RequestId Id = Toys.Request("request");
    private static readonly RequestOrigin Origin = new("Counters/Add", "carol", "10.0.0.7");

    private readonly FakeClock _clock = new();
    private readonly InMemoryRuntimeStore _store;
    private readonly LocalIntake _intake = new();
    private StepNode _node = null!;

    public AuditTests() => _store = new InMemoryRuntimeStore(_clock);

    public async Task InitializeAsync() => _node = await new StepNode(_store, _clock).Begin();

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_turn_of_a_request_has_a_record_of_who_asked(bool offered)
    {
        await Ask(new CounterMessage.Add(1, Id), Origin, offered);
        var entries = await Entries();
        entries[0].Entry.Type.ShouldBe(AuditRecord.Type);
        AuditRecord.IsOfRuntime(entries[0].Entry).ShouldBeTrue();
        var record = DurableJson.Read<AuditRecord>(entries[0].Entry.Body);
        (record.Method, record.Caller, record.Address, record.On, record.Request, record.Status).ShouldBe(("Counters/Add", "carol", "10.0.0.7", Ann.ToString(), "request", "Ok"));
        record.Detail.ShouldStartWith("Add {");
        entries[0].Cause.ShouldBe("request:request (Counters/Add by carol from 10.0.0.7)");
        entries.Count.ShouldBe(2, "the actor's own entry follows");
        (await Rows()).ShouldHaveSingleItem().As<AuditRecord>().ShouldBe(record);
    }

    [Fact]
    public async Task A_request_that_changes_nothing_is_recorded_too()
    {
        await Ask(new CounterMessage.Read(Id), Origin, offered: true);
        (await Entries()).ShouldHaveSingleItem().Entry.Type.ShouldBe(AuditRecord.Type);
    }

    [Fact]
    public async Task Without_an_origin_there_is_no_record()
    {
        await Ask(new CounterMessage.Add(1, Id), origin: null, offered: true);
        (await Entries()).ShouldHaveSingleItem().Entry.Type.ShouldNotBe(AuditRecord.Type);
        (await Rows()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Asked_again_by_another_it_is_the_same_request_and_recorded_once()
    {
        await Ask(new CounterMessage.Add(1, Id), Origin, offered: true);
        await Ask(new CounterMessage.Add(1, Id), Origin with { Caller = "dave" }, offered: true);
        (await Rows()).ShouldHaveSingleItem().As<AuditRecord>().Caller.ShouldBe("carol");
        (await _node.Counter("ann")).Sum.ShouldBe(1);
    }

    [Theory]
    [InlineData("r", "Runs/Clear", "alice", "10.0.0.1")]
    [InlineData("r (Runs/Clear by mallory from 6.6.6.6)", "Runs/Clear", "alice", "::1")]
    [InlineData("r", "Runs/Clear", "a) by root from (here", "10.0.0.1")]
    [InlineData("r", "Runs/Clear", "a b\tc\n", "10.0.0.1")]
    public void A_cause_tells_the_origin_whatever_is_in_it(string request, string method, string caller, string address)
    {
        var origin = new RequestOrigin(method, caller, address);
        Causes.OriginOf(Causes.OfRequest(RequestId.Parse(request), origin)).ShouldBe(origin.Clean());
    }

    [Theory]
    [InlineData("request:r")]
    [InlineData("request:r (what)")]
    [InlineData("request: (")]
    [InlineData("Counter/ann@7")]
    [InlineData("timer:t (A/B by x from y)@3")]
    public void Other_causes_tell_none(string cause) => Causes.OriginOf(cause).ShouldBeNull();

    private async Task Ask(object message, RequestOrigin? origin, bool offered)
    {
        if (offered)
        {
            _intake.Serve(_node.Owned);
        }

        using var edge = new RequestEdge(_store, Toys.Catalog, new LocalHints(), _clock, new RuntimeSettings(), _intake);
        var asked = edge.Submit(Id, Ann, message, default, origin).AsTask();
        while (!asked.IsCompleted)
        {
            await _node.RunBatch(Ann);
            await Task.Yield();
        }

        await asked;
        await _node.RunAll();
    }

    private async Task<IReadOnlyList<JournalEntry>> Entries() => await _store.Journal.Entries(Toys.Catalog.ShardOf(Ann), 0, 10, default);

    private async Task<IReadOnlyList<ProjectionRow>> Rows() => await _store.Projections.List(AuditRecord.Projection, "", after: null, 10, default);
}
