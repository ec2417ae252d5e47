namespace Latecomer.Runtime;

/// <summary>The store cannot be opened: it is in use, of a newer build, of another program. The message is for people and says what to do.
/// Nothing was changed.</summary>
public sealed class StoreRefusedException : Exception
{
    /// <summary>Refuses without a reason; better give one.</summary>
    public StoreRefusedException()
    {
    }

    /// <summary>Refuses with a sentence.</summary>
    public StoreRefusedException(string message)
        : base(message)
    {
    }

    /// <summary>Refuses with a sentence and a cause.</summary>
    public StoreRefusedException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
