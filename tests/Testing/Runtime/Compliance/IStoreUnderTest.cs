using Latecomer.Runtime;

namespace Latecomer.Tests.Testing.Runtime;

/// <summary>How the compliance suite gets at a store, and gets rid of it.</summary>
public interface IStoreUnderTest : IAsyncDisposable
{
    /// <summary>An empty store whose clock is <paramref name="time"/>.</summary>
    ValueTask<IRuntimeStore> Open(TimeProvider time);
}
