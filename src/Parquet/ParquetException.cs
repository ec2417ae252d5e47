namespace Latecomer.Parquet;

/// <summary>What kind of refusal a <see cref="ParquetException"/> is.</summary>
public enum ParquetErrorKind
{
    /// <summary>The bytes contradict the format: damaged, cut off, or not a Parquet file at all.</summary>
    CorruptFile,

    /// <summary>The file may be sound, but uses something that this reader does not read.</summary>
    Unsupported,
}

/// <summary>A file that cannot be read. The message names the file, the column and the offset as far as they
/// are known, and what was wrong there. Nothing else is thrown for what a file contains; failures of the
/// storage beneath stay <see cref="IOException"/>s.</summary>
public sealed class ParquetException : Exception
{
    /// <summary>Refuses a file as corrupt, with no further word.</summary>
    public ParquetException()
        : this("The file is corrupt.")
    {
    }

    /// <summary>Refuses a file as corrupt.</summary>
    public ParquetException(string message)
        : this(ParquetErrorKind.CorruptFile, message)
    {
    }

    /// <summary>Refuses a file as corrupt, because of <paramref name="innerException"/>.</summary>
    public ParquetException(string message, Exception? innerException)
        : base(message, innerException) => Problem = message;

    /// <summary>Refuses a file: <paramref name="problem"/> says what was wrong, the rest where.</summary>
    public ParquetException(
        ParquetErrorKind kind, string problem, string? file = null, string? column = null, long? offset = null, Exception? innerException = null)
        : base(Compose(problem, file, column, offset), innerException)
    {
        Kind = kind;
        Problem = problem;
        File = file;
        Column = column;
        Offset = offset;
    }

    /// <summary>Whether the file is broken or merely beyond this reader.</summary>
    public ParquetErrorKind Kind { get; }

    /// <summary>What was wrong, without the place.</summary>
    public string Problem { get; }

    /// <summary>The file's name as its source gave it.</summary>
    public string? File { get; }

    /// <summary>The dotted path of the column, if one was being read.</summary>
    public string? Column { get; }

    /// <summary>The byte offset in the file of the structure that was wrong.</summary>
    public long? Offset { get; }

    internal static ParquetException Corrupt(string problem) => new(ParquetErrorKind.CorruptFile, problem);

    internal static ParquetException Unsupported(string problem) => new(ParquetErrorKind.Unsupported, problem);

    /// <summary>The same refusal with its place; what is known already stays.</summary>
    internal ParquetException At(string? file, string? column = null, long? offset = null) =>
        new(Kind, Problem, File ?? file, Column ?? column, Offset ?? offset, this);

    private static string Compose(string problem, string? file, string? column, long? offset)
    {
        var place = string.Join(", ", new[]
        {
            file,
            column is null ? null : $"column '{column}'",
            offset is null ? null : $"offset {offset}",
        }.Where(part => part is not null));
        return place.Length == 0 ? problem : $"{place}: {problem}";
    }
}
