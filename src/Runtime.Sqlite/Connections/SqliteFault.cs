using Microsoft.Data.Sqlite;

namespace Latecomer.Runtime.Sqlite;

/// <summary>Says for people what SQLite says in codes.</summary>
internal static class SqliteFault
{
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    public static StoreFaultException Explain(SqliteException fault, string file) => new(
        fault.SqliteErrorCode switch
        {
            Full => $"The disk that holds {file} is full. Nothing of this was written; free some space, and it goes on.",
            ReadOnly => $"{file} cannot be written: it, its folder or its disk is read-only.",
            CannotOpen => $"{file} cannot be opened: {fault.Message}",
            InputOutput => $"The disk that holds {file} failed: {fault.Message}",
            Corrupt or NotADatabase => $"{file} is damaged, or no SQLite database: {fault.Message} Restore it from a copy.",
            _ => $"SQLite failed on {file}: {fault.Message}",
        },
        fault);
}
