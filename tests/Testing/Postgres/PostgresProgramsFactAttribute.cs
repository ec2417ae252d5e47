namespace Latecomer.Tests.Testing.Postgres;

/// <summary>A test that starts a PostgreSQL of its own. It is skipped where only one of somebody else's is at hand.</summary>
public sealed class PostgresProgramsFactAttribute : FactAttribute
{
    public PostgresProgramsFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("LATECOMER_TEST_STORE") is { Length: > 0 } && !PostgresInstallation.IsThere)
        {
            Skip = "There is no PostgreSQL here to be started, and the one that LATECOMER_TEST_STORE names is not ours to restart.";
        }
    }
}
