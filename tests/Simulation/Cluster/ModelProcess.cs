using Latecomer.Tests.Testing.Postgres.Model;

namespace Latecomer.Tests.Simulation;

/// <summary>A process as the model of PostgreSQL meets it: things happen to its connections, between any two statements, as the seed says.</summary>
internal sealed class ModelProcess(CallGate gate, SeededRandom random, FaultPlan faults, Trace trace) : IModelClient
{
    /// <summary>Some have few connections for what they do, so that much is gathered behind them.</summary>
    private readonly int _busyPool = random.Pick([20, 700]);

    public CallGate Gate => gate;

    public string Name => gate.Name;

    public bool IsPaused => gate.Paused;

    public bool IsGone => gate.Dead;

    public bool SendsInOnePiece() => !faults.Active || random.PerMille(faults.InOnePiece);

    public bool WaitsForConnection() => faults.Active && random.PerMille(_busyPool);

    public Interruption Before(ModelTransaction transaction, string statement)
    {
        var interruption = faults.Active ? Draw() : Interruption.None;
        if (interruption != Interruption.None)
        {
            trace.Add($"{transaction}: {interruption} before {statement}");
        }

        return interruption;
    }

    private Interruption Draw()
    {
        var chance = random.Below(1000);
        return (chance -= faults.BusyServer) < 0 ? Interruption.ServerBusy
            : (chance -= faults.SilentClients) < 0 ? Interruption.ClientSilent
            : (chance -= faults.LostConnections) < 0 ? Interruption.AnswerLost
            : chance < faults.LostConnections ? Interruption.ConnectionLost
            : Interruption.None;
    }
}
