using Latecomer.Runtime;
using Latecomer.Tests.Testing.Postgres.Model;

namespace Latecomer.Tests.Simulation;

/// <summary>The server under the store, if it has one: which of its transactions go on, and when.</summary>
internal sealed class SimulatedServer
{
    private readonly ModelDatabase? _model;
    private readonly SeededRandom _random;
    private readonly FaultPlan _faults;
    private readonly Trace _trace;

    public SimulatedServer(ModelDatabase? model, SeededRandom random, FaultPlan faults, Trace trace)
    {
        (_model, _random, _faults, _trace) = (model, random, faults, trace);
        if (model is not null)
        {
            model.Noticed = trace.Count;
        }
    }

    /// <summary>Whether there is one: then its own transactions say in which order things are seen.</summary>
    public bool IsThere => _model is not null;

    /// <summary>Some transaction may go on.</summary>
    public bool HasWork => _model?.Standing.Exists(s => s.CanGoOn) == true;

    /// <summary>When the next transaction gives up waiting.</summary>
    public DateTimeOffset? NextTime => _model?.Standing.Min(s => s.Until);

    /// <summary>Whether a transaction of that process stands.</summary>
    public bool Keeps(CallGate gate) => _model?.Standing.Exists(s => (s.Transaction.Client as ModelProcess)?.Gate == gate) == true;

    /// <summary>Lets one transaction go on.</summary>
    public void Serve()
    {
        var standing = _random.Pick(_model!.Standing.FindAll(s => s.CanGoOn));
        _trace.Add($"server: no longer {standing}");
        standing.GoOn();
    }

    /// <summary>The store as a process has it: by connections of its own, or, where there is no server, the one that all share.</summary>
    public IRuntimeStore Reach(IRuntimeStore shared, CallGate gate, IModelWatch watch) =>
        _model is null ? shared : new ModelStore(
            _model, new ModelProcess(gate, _random, _faults, _trace), watch, new ModelGroups(_random.Pick([1, 2]), _random.Pick([4, 64, 256])));
}
