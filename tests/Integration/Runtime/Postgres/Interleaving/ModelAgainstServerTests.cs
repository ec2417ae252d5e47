using Latecomer.Runtime.Postgres;
using Latecomer.Tests.Testing.Postgres;
using Npgsql;

namespace Latecomer.Tests.Integration.Runtime.Postgres.Interleaving;

/// <summary>The model of PostgreSQL, which the simulation leans on, against PostgreSQL: every order of two transactions' statements comes to the same.</summary>
public sealed class ModelAgainstServerTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private NpgsqlConnection _watcher = null!;

    private static List<(string First, string Second)> Pairs
    {
        get
        {
            string[] modes = ["key share", "share", "no key update", "update"];
            var pairs = new List<(string, string)>();
            for (var i = 0; i < modes.Length; i++)
            {
                for (var j = i; j < modes.Length; j++)
                {
                    pairs.Add(($"{modes[i]}, commit", $"{modes[j]}, commit"));
                }

                pairs.Add(($"{modes[i]}, commit", "take, commit"));
            }

            string[] others = ["lock leases, take, commit", "take, commit", "lock leases, give up, commit", "give up, commit"];
            pairs.AddRange(others.Select(other => ("fence, consume, commit", other)));
            pairs.Add(("look, consume, commit", "take, commit"));
            pairs.Add(("key share, consume, commit", "take, commit"));
            pairs.Add(("fence, consume, commit", "fence, consume, commit"));
            pairs.Add(("take, commit", "give up, commit"));
            pairs.Add(("take, commit", "take, commit"));
            return pairs;
        }
    }

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.Rent();
        await using var store = await PostgresRuntimeStore.Open(_database.ConnectionString, default);
        _watcher = await Connect();
    }

    public async Task DisposeAsync()
    {
        await _watcher.DisposeAsync();
        await _database.Return();
    }

    [Fact]
    public async Task Both_come_to_the_same_in_every_order()
    {
        foreach (var (first, second) in Pairs)
        {
            string[][] statements = [first.Split(", "), second.Split(", ")];
            foreach (var order in Script.Orders(statements[0].Length, statements[1].Length))
            {
                var onModel = await OnModel(statements, order);
                var onServer = await OnServer(statements, order);
                onModel.ShouldBe(onServer, $"{first} and {second} in the order {order}");
            }
        }
    }

    private static async Task<List<string>> OnModel(string[][] statements, string order)
    {
        var database = await ModelSession.Prepare(TimeProvider.System);
        return await Script.Play([new ModelSession(database), new ModelSession(database)], statements, order);
    }

    private async Task<List<string>> OnServer(string[][] statements, string order)
    {
        await ServerSession.Prepare(_database);
        await using var first = new ServerSession(await Connect(), _watcher);
        await using var second = new ServerSession(await Connect(), _watcher);
        return await Script.Play([first, second], statements, order);
    }

    private async Task<NpgsqlConnection> Connect()
    {
        var connection = new NpgsqlConnection(_database.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}
