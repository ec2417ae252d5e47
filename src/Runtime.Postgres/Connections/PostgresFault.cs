using Npgsql;

namespace Latecomer.Runtime.Postgres;

/// <summary>Says for people what PostgreSQL says in codes, and tells refusals of ours from faults.</summary>
internal static class PostgresFault
{
    /// <summary>Raised by <c>latecomer.fence</c>.</summary>
    public const string LeaseLost = "AF001";

    /// <summary>Raised by <c>latecomer.expect</c>.</summary>
    public const string Stale = "AF002";

    /// <summary>Raised by <c>latecomer.refuse_activity</c>.</summary>
    public const string ActivityRefused = "AF003";

    /// <summary>Of all that turns put without looking first, only requests have keys of others' choice.</summary>
    public const string RequestKnown = PostgresErrorCodes.UniqueViolation;

    /// <summary>The code of the server's refusal that a fault came from; null if it came from elsewhere.</summary>
    public static string? CodeOf(StoreFaultException fault) => (fault.InnerException as PostgresException)?.SqlState;

    /// <summary>Whether the server refused what it was given, and would again: no text with a zero in it, no key over its limit.</summary>
    public static bool IsRefusalOfValues(StoreFaultException fault) =>
        CodeOf(fault) is { } code && (code.StartsWith("22", StringComparison.Ordinal) || code == PostgresErrorCodes.ProgramLimitExceeded);

    /// <summary>Whether the server does not let us in, or lets us do nothing: asking again does not help, somebody has to change something first.</summary>
    public static bool IsRefusalOfUs(StoreFaultException fault) => CodeOf(fault)
        is PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification or PostgresErrorCodes.InvalidCatalogName
        or PostgresErrorCodes.InsufficientPrivilege;

    /// <summary>Whether the server refused something because of what it was given or of a lock: nothing of it was written, and parts of it may be accepted.</summary>
    public static bool IsOfOneCall(StoreFaultException fault) =>
        CodeOf(fault) is { } code && (code.StartsWith("AF", StringComparison.Ordinal) || code.StartsWith("40", StringComparison.Ordinal)
            || code is RequestKnown or PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled || IsRefusalOfValues(fault));

    public static StoreFaultException Explain(NpgsqlException fault, string name) => new(
        fault is PostgresException refusal ? Explain(refusal, name)
        : fault.InnerException is TimeoutException ? $"{name} did not answer in time: {fault.Message}"
        : $"{name} cannot be reached: {fault.Message}",
        fault);

    private static string Explain(PostgresException refusal, string name) => refusal.SqlState switch
    {
        PostgresErrorCodes.LockNotAvailable =>
            $"{name} kept a lock from us for {PostgresDatabase.LockMilliseconds} ms. Nothing of this was written; if it stays so, pg_locks says who holds it.",
        PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure =>
            $"{name} gave another transaction precedence. Nothing of this was written; it is tried again.",
        PostgresErrorCodes.DiskFull => $"The disk of {Inner(name)} is full. Nothing of this was written; free some space, and it goes on.",
        PostgresErrorCodes.TooManyConnections => $"{name} has no connection free for us: raise its max_connections, or lower 'Maximum Pool Size'.",
        PostgresErrorCodes.ReadOnlySqlTransaction => $"{name} is read-only: a standby, or set so.",
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown => $"{name} ended the connection: {refusal.MessageText}",
        PostgresErrorCodes.CannotConnectNow => $"{name} is starting or stopping: {refusal.MessageText}",
        PostgresErrorCodes.QueryCanceled => $"{name} did not finish in time, and nothing of this was written: {refusal.MessageText}",
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => $"{name} does not let us in: {refusal.MessageText}",
        PostgresErrorCodes.InvalidCatalogName => $"{name} does not exist: create it first.",
        PostgresErrorCodes.InsufficientPrivilege => $"{name} does not allow it: {refusal.MessageText}",
        _ => $"{name} failed ({refusal.SqlState}): {refusal.MessageText}",
    };

    private static string Inner(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
