using Latecomer.Runtime;

namespace Latecomer.Tests.Testing.Runtime;

/// <summary>What tests ask of dead letters, of which they make few.</summary>
public static class DeadLetterLists
{
    /// <summary>All of them, oldest first.</summary>
    public static ValueTask<IReadOnlyList<DeadLetter>> List(this IDeadLetterStore store, CancellationToken cancellation) =>
        store.List(0, int.MaxValue, suspendingOnly: false, cancellation);
}
