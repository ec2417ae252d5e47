using Latecomer.Runtime;

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
            throw new StoreFaultException($"The model refused {what}: {refusal.Message}", refusal);
        }
    }

    /// <summary>One statement that only reads.</summary>
    public ValueTask<T> Ask<T>(string what, Func<ModelTransaction, T> read) => Run(what, async transaction =>
    {
        await transaction.Next(what);
        return read(transaction);
    });

    public static string? CodeOf(StoreFaultException fault) => (fault.InnerException as ModelRefusal)?.State;
}
