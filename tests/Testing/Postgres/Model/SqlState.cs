namespace Latecomer.Tests.Testing.Postgres.Model;

/// <summary>What the server refuses with, by its codes and the store's own.</summary>
public static class SqlState
{
    public const string LeaseLost = "AF001";
    public const string Stale = "AF002";
    public const string ActivityRefused = "AF003";
    public const string LockNotAvailable = "55P03";
    public const string DeadlockDetected = "40P01";
    public const string SerializationFailure = "40001";
    public const string UniqueViolation = "23505";

    /// <summary>Somebody ended the connection.</summary>
    public const string AdminShutdown = "57P01";

    /// <summary>The client is gone.</summary>
    public const string ConnectionFailure = "08006";
}

/// <summary>The server ends a transaction: nothing of it was written.</summary>
public sealed class ModelRefusal(string state, string message = "") : Exception($"{state} {message}".TrimEnd())
{
    public string State => state;

    /// <summary>What is said beside the code.</summary>
    public string Text => message;
}
