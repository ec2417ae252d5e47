namespace Latecomer.Tests.Testing.Postgres;

/// <summary>A test that starts a PostgreSQL of its own. It is skipped where only one of somebody else's is at hand.</summary>
public sealed class PostgresProgramsFactAttribute : FactAttribute
{
    public PostgresProgramsFactAttribute() => Skip = Missing;

    /// <summary>Why there is none to be started; null when there is.</summary>
    internal static string? Missing => Environment.GetEnvironmentVariable("LATECOMER_TEST_STORE") is { Length: > 0 } && !PostgresInstallation.IsThere
        ? "There is no PostgreSQL here to be started, and the one that LATECOMER_TEST_STORE names is not ours to restart."
        : null;
}
