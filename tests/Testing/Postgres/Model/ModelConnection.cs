using Latecomer.Runtime;
using Latecomer.Runtime.Postgres;
using Npgsql;

namespace Latecomer.Tests.Testing.Postgres.Model;

/// <summary>A client's way to the database. Refusals are told as the store tells them.</summary>
internal sealed class ModelConnection(ModelDatabase database, IModelClient client)
{
    public ModelDatabase Database => database;

    public async ValueTask<T> Run<T>(string what, Func<ModelTransaction, ValueTask<T>> statements, bool repeatableRead = false)
    {
        try
        {
            return await database.Run(client, what, statements, repeatableRead);
        }
        catch (ModelRefusal refusal)
        {
            // As the driver tells it, so that the store's own code knows it.
            throw new StoreFaultException(
                $"The model refused {what}: {refusal.Message}", new PostgresException(refusal.Text, "ERROR", "ERROR", refusal.State));
        }
    }

    /// <summary>One statement that only reads.</summary>
    public ValueTask<T> Ask<T>(string what, Func<ModelTransaction, T> read) => Run(what, async transaction =>
    {
        await transaction.Next(what);
        return read(transaction);
    });

    public static string? CodeOf(StoreFaultException fault) => PostgresFault.CodeOf(fault);
}
