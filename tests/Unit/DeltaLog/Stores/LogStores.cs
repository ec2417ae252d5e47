using Latecomer.DeltaLog;
using Latecomer.Tests.Testing.DeltaLog;

namespace Latecomer.Tests.Unit.DeltaLog;

public sealed class LocalLogStoreCompliance : LogStoreCompliance, IDisposable
{
    private readonly TemporaryTable _table = new();

    protected override ILogStore Store => _table.Log;

    public void Dispose() => _table.Dispose();
}

public sealed class PagedLogStoreCompliance : LogStoreCompliance
{
    protected override ILogStore Store { get; } = new PagedLogStore();
}

public sealed class PagedLogStoreOfOneCompliance : LogStoreCompliance
{
    protected override ILogStore Store { get; } = new PagedLogStore(pageSize: 1);
}
