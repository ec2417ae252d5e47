using Microsoft.Data.Sqlite;

namespace Latecomer.Runtime.Sqlite;

/// <summary>A store's state as one file: a SQLite database with the store's own tables.</summary>
public static class SqliteBackup
{
    // Above whatever the store gave out after the backup.
    private const long Ahead = 1L << 32;

    // The schema from which on a store has a name for its journal.
    private const int NamedSince = 3;

    /// <summary>Copies the state as it is at one moment, by SQLite's online backup: nodes may go on writing meanwhile. The file is whole, or not there.</summary>
    /// <param name="folder">Where the store is.</param>
    /// <param name="file">The file to be made.</param>
    /// <exception cref="StoreRefusedException">There is no store, or the file exists.</exception>
    /// <exception cref="StoreFaultException">It cannot be read or written.</exception>
    public static void Write(string folder, string file)
    {
        var database = Path.Combine(folder, SqliteRuntimeStore.DatabaseName);
        if (!File.Exists(database))
        {
            throw new StoreRefusedException($"There is no store in {folder}.");
        }

        if (File.Exists(file))
        {
            throw new StoreRefusedException($"{file} exists already: name another file.");
        }

        Make(file, unfinished =>
        {
            using var source = Open(database, SqliteOpenMode.ReadWrite);
            using var target = Open(unfinished, SqliteOpenMode.ReadWriteCreate);
            source.BackupDatabase(target);
            Run(target, "PRAGMA journal_mode = DELETE");
        });
    }

    /// <summary>Makes a store of a file. No life and no lease of before is left, and epochs and ids are above all that were given out after the backup; places in the journal of before mean nothing any more.</summary>
    /// <param name="file">The file, of this build or an older one.</param>
    /// <param name="folder">Where the store is to be; there must be none.</param>
    /// <param name="time">The process's clock.</param>
    /// <exception cref="StoreRefusedException">There is a store already, or the file is none of ours or of a newer build. Nothing was changed.</exception>
    /// <exception cref="StoreFaultException">It cannot be read or written.</exception>
    public static async Task Restore(string file, string folder, TimeProvider time)
    {
        var database = Path.Combine(folder, SqliteRuntimeStore.DatabaseName);
        if (File.Exists(database))
        {
            throw new StoreRefusedException($"There is a store in {folder} already: restore into a new folder.");
        }

        if (!File.Exists(file))
        {
            throw new StoreRefusedException($"There is no file {file}.");
        }

        Make(database, unfinished =>
        {
            File.Copy(file, unfinished);
            using var session = new SqliteSession(unfinished, SqliteOpenMode.ReadWrite);
            if (session.Number("SELECT count(*) FROM sqlite_master") == 0)
            {
                throw new StoreRefusedException($"{file} is no backup of a store.");
            }

            Schema.Check(session, file);
            if (session.Number("PRAGMA page_count") * session.Number("PRAGMA page_size") != new FileInfo(file).Length
                || session.Query("PRAGMA integrity_check(1)", r => r.GetString(0)) is not ["ok"])
            {
                throw new StoreRefusedException($"{file} is damaged or not whole: take another backup.");
            }

            session.Script($"""
                BEGIN IMMEDIATE;
                DELETE FROM node;
                UPDATE lease SET owner = NULL, epoch = epoch + {Ahead};
                UPDATE store SET last_id = last_id + {Ahead};
                COMMIT;
                """);
            if (session.Number("PRAGMA user_version") >= NamedSince)
            {
                session.Script("UPDATE store SET identity = lower(hex(randomblob(16)))");
            }
        });

        // Brought to this build's schema here, where a fault is seen.
        await SqliteRuntimeStore.Open(folder, time).DisposeAsync();
    }

    private static void Make(string file, Action<string> fill)
    {
        var unfinished = $"{file}.{Guid.NewGuid():N}.unfinished";
        try
        {
            fill(unfinished);
            using (var written = new FileStream(unfinished, FileMode.Open, FileAccess.ReadWrite))
            {
                written.Flush(flushToDisk: true);
            }

            File.Move(unfinished, file, overwrite: false);
        }
        catch (SqliteException fault)
        {
            throw SqliteFault.Explain(fault, file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StoreFaultException($"{file} cannot be written: {fault.Message}", fault);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private static SqliteConnection Open(string file, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
