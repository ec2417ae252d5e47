using Microsoft.Data.Sqlite;

namespace Latecomer.Runtime.Sqlite;

/// <summary>A store in one SQLite database, for the nodes of one process. What a call made durable survives a kill and a power cut (WAL, every
/// commit flushed). Opening it ends every life that an earlier process left, so that a restart waits for no lease.</summary>
public sealed class SqliteRuntimeStore : IRuntimeStore
{
    internal const string DatabaseName = "runtime.db";
    private const string LockName = "runtime.lock";

    private readonly FolderLock _lock;
    private readonly SqliteWriter _writer;
    private readonly SqliteReaders _readers;
    private bool _disposed;

    private SqliteRuntimeStore(FolderLock heldLock, SqliteSession session, string file, TimeProvider time)
    {
        _lock = heldLock;
        var last = session.Query("SELECT clock, last_id FROM store", r => (Clock: r.GetInt64(0), Id: r.GetInt64(1)))[0];
        var clock = new StoreClock(time, new DateTimeOffset(last.Clock, TimeSpan.Zero));
        _writer = new SqliteWriter(session, file, clock, last.Id);
        _readers = new SqliteReaders(file);
        session.Execute("UPDATE node SET expires_at = min(expires_at, $1)", clock.Now().UtcTicks);
        Membership = new SqliteMembership(_writer, _readers, clock);
        Leases = new SqliteLeases(_writer, _readers, clock);
        Turns = new SqliteTurns(_writer, _readers, clock);
        Actors = new SqliteActors(_readers);
        Requests = new SqliteRequests(_writer, _readers);
        Activities = new SqliteActivities(_writer, _readers, clock);
        Projections = new SqliteProjections(_writer, _readers);
        Journal = new SqliteJournal(_writer, _readers);
        DeadLetters = new SqliteDeadLetters(_writer, _readers);
    }

    /// <inheritdoc/>
    public IMembershipStore Membership { get; }

    /// <inheritdoc/>
    public ILeaseStore Leases { get; }

    /// <inheritdoc/>
    public ITurnStore Turns { get; }

    /// <inheritdoc/>
    public IActorStore Actors { get; }

    /// <inheritdoc/>
    public IRequestStore Requests { get; }

    /// <inheritdoc/>
    public IActivityStore Activities { get; }

    /// <inheritdoc/>
    public IProjectionStore Projections { get; }

    /// <inheritdoc/>
    public IJournalStore Journal { get; }

    /// <inheritdoc/>
    public IDeadLetterStore DeadLetters { get; }

    /// <summary>Opens the store in a folder, making both where they are not there.</summary>
    /// <param name="folder">Where <c>runtime.db</c> is or will be.</param>
    /// <param name="time">The process's clock.</param>
    /// <exception cref="StoreRefusedException">It is in use, of a newer build or of another program; nothing was changed.</exception>
    /// <exception cref="StoreFaultException">It cannot be read or written.</exception>
    public static SqliteRuntimeStore Open(string folder, TimeProvider time) => Open(folder, time, extraPragmas: "");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_disposed)
        {
            _disposed = true;
            _readers.Dispose();
            await _writer.DisposeAsync();
            _lock.Dispose();
        }
    }

    // Tests make a disk full or read-only by pragmas.
    internal static SqliteRuntimeStore Open(string folder, TimeProvider time, string extraPragmas)
    {
        var file = Path.Combine(folder, DatabaseName);
        FolderLock? heldLock = null;
        SqliteSession? session = null;
        try
        {
            Directory.CreateDirectory(folder);
            heldLock = FolderLock.Take(Path.Combine(folder, LockName), Environment.ProcessId);
            session = new SqliteSession(file, SqliteOpenMode.ReadWriteCreate);
            Schema.Check(session, file);
            session.Script("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 1000; PRAGMA journal_size_limit = 67108864;");
            Schema.Migrate(session);
            session.Script(extraPragmas);
            return new SqliteRuntimeStore(heldLock, session, file, time);
        }
        catch (Exception fault)
        {
            session?.Dispose();
            heldLock?.Dispose();
            throw fault switch
            {
                SqliteException sqlite => SqliteFault.Explain(sqlite, file),
                IOException or UnauthorizedAccessException => new StoreFaultException($"The store in {folder} cannot be opened: {fault.Message}", fault),
                _ => fault,
            };
        }
    }
}
