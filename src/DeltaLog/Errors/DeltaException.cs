namespace Latecomer.DeltaLog;

/// <summary>A table that cannot be read or written, with its class and a message for people: what, where, what to do.</summary>
public sealed class DeltaException : Exception
{
    /// <summary>Creates the error.</summary>
    public DeltaException(DeltaErrorClass errorClass, string message, Exception? cause = null)
        : base(message, cause) => Class = errorClass;

    /// <summary>Why the table was refused.</summary>
    public DeltaErrorClass Class { get; }

    /// <summary>The features that this build lacks, when <see cref="Class"/> says so.</summary>
    public IReadOnlyList<string> Features { get; init; } = [];
}
