namespace Latecomer.Runtime;

/// <summary>The store could not do what it was asked (a full disk, a lost connection). The message is for people. What became of the call
/// is unknown unless it says so; it may be tried again.</summary>
public sealed class StoreFaultException : Exception
{
    /// <summary>Fails without a reason; better give one.</summary>
    public StoreFaultException()
    {
    }

    /// <summary>Fails with a sentence.</summary>
    public StoreFaultException(string message)
        : base(message)
    {
    }

    /// <summary>Fails with a sentence and a cause.</summary>
    public StoreFaultException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
