using Npgsql;

namespace Latecomer.Runtime.Postgres;

/// <summary>What a connection string leaves open, as the store needs it. What a person set stays.</summary>
internal static class ConnectionSettings
{
    private const int PoolSize = 8;
    private const int PreparedStatements = 64;
    private const string Example = "Host=db.example;Database=latecomer;Username=latecomer;Password=...";

    /// <exception cref="StoreRefusedException">It is no connection string.</exception>
    public static NpgsqlConnectionStringBuilder Complete(string connectionString)
    {
        if (Parse(connectionString) is not { Host.Length: > 0 } settings)
        {
            // Without its text, and without a cause that may quote it: it may hold the password.
            throw new StoreRefusedException($"That is no connection string of PostgreSQL with a host in it. It should read like: {Example}");
        }

        var unset = new NpgsqlConnectionStringBuilder();
        settings.ApplicationName ??= "latecomer";
        settings.MaxPoolSize = settings.MaxPoolSize == unset.MaxPoolSize ? PoolSize : settings.MaxPoolSize;
        settings.Timeout = settings.Timeout == unset.Timeout ? 5 : settings.Timeout;
        settings.CommandTimeout = settings.CommandTimeout == unset.CommandTimeout ? 15 : settings.CommandTimeout;

        // A peer that is gone without a word is noticed within about ten seconds.
        settings.TcpKeepAlive = true;
        settings.TcpKeepAliveTime = settings.TcpKeepAliveTime == unset.TcpKeepAliveTime ? 5 : settings.TcpKeepAliveTime;
        settings.TcpKeepAliveInterval = settings.TcpKeepAliveInterval == unset.TcpKeepAliveInterval ? 1 : settings.TcpKeepAliveInterval;

        // No call leaves anything in a session: there is nothing to reset, and no transaction of somebody else's.
        settings.NoResetOnClose = true;
        settings.MaxAutoPrepare = 0;
        settings.Enlist = false;
        settings.Multiplexing = false;
        return settings;
    }

    /// <summary>Lets statements be parsed and planned once for each connection: only where no pooler stands in between, which would send the parts of
    /// a session to many. They are planned when tables may be all but empty, and go on when those are large; so the server does not read whole tables for what an index
    /// finds, nor compile what it then thinks dear.</summary>
    public static string Preparing(string completed)
    {
        var settings = new NpgsqlConnectionStringBuilder(completed) { MaxAutoPrepare = PreparedStatements, AutoPrepareMinUsages = 2 };
        settings.Options = $"-c enable_seqscan=off -c jit=off {settings.Options}".TrimEnd();
        return settings.ConnectionString;
    }

    /// <summary>Which database it is, without user and password.</summary>
    public static string NameOf(NpgsqlConnectionStringBuilder settings) =>
        $"The database {settings.Database ?? settings.Username} at {settings.Host}:{settings.Port}";

    private static NpgsqlConnectionStringBuilder? Parse(string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or InvalidCastException)
        {
            return null;
        }
    }
}
