using System.Globalization;

namespace Latecomer.Runtime.Sqlite;

/// <summary>Brings a database to the schema of this build: numbered scripts, each run once, in one transaction with its number.</summary>
internal static class Schema
{
    /// <summary>Marks a database as ours ("LATE").</summary>
    private const long ApplicationId = 0x4C415445;

    private static readonly IReadOnlyList<string> Scripts =
        [.. typeof(Schema).Assembly.GetManifestResourceNames().Where(n => n.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>Refuses a database that is not for this build. Changes nothing.</summary>
    /// <exception cref="StoreRefusedException">It is of a newer build, or of another program, or has another number of shards.</exception>
    public static void Check(SqliteSession session, string file)
    {
        var version = session.Number("PRAGMA user_version") ?? 0;
        if (session.Number("SELECT count(*) FROM sqlite_master") == 0)
        {
            return;
        }

        if (session.Number("PRAGMA application_id") != ApplicationId)
        {
            throw new StoreRefusedException($"{file} is a database of another program. Name another folder.");
        }

        if (version > Scripts.Count)
        {
            throw new StoreRefusedException($"{file} is of a newer build (schema {version}; this build knows up to {Scripts.Count}). Run that build or newer.");
        }

        if (session.Number("SELECT shards FROM store") is var shards && shards != ShardId.ShardedCount)
        {
            throw new StoreRefusedException($"{file} has {shards} shards, but this build has {ShardId.ShardedCount}: the number is fixed when a store is made. Run the build that made it.");
        }
    }

    /// <summary>Runs the scripts that the database has not seen.</summary>
    public static void Migrate(SqliteSession session)
    {
        for (var i = (int)(session.Number("PRAGMA user_version") ?? 0); i < Scripts.Count; i++)
        {
            var script = Text(Scripts[i]).Replace("$SHARDS", ShardId.ShardedCount.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
            session.Script(string.Create(
                CultureInfo.InvariantCulture,
                $"BEGIN IMMEDIATE; {script} PRAGMA user_version = {i + 1}; PRAGMA application_id = {ApplicationId}; COMMIT;"));
        }
    }

    private static string Text(string name)
    {
        using var stream = typeof(Schema).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
