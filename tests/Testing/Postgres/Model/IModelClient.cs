namespace Latecomer.Tests.Testing.Postgres.Model;

/// <summary>What happens to a transaction before its next statement.</summary>
public enum Interruption
{
    None,

    /// <summary>The server lets others go first.</summary>
    ServerBusy,

    /// <summary>The client stops sending, for a while or for as long as it stands still.</summary>
    ClientSilent,

    /// <summary>The client loses the connection and gives up. The server, which has everything, does not hear of it and goes on.</summary>
    AnswerLost,

    /// <summary>The connection is lost before the server has everything: it ends the transaction.</summary>
    ConnectionLost,
}

/// <summary>Whoever sends transactions: a process with its connections.</summary>
public interface IModelClient
{
    /// <summary>For people.</summary>
    string Name { get; }

    /// <summary>It stands still: it sends nothing, and hears no answer.</summary>
    bool IsPaused { get; }

    /// <summary>It is gone.</summary>
    bool IsGone { get; }

    /// <summary>Whether a transaction is sent in one piece, so that the server finishes it whatever becomes of the client.</summary>
    bool SendsInOnePiece();

    /// <summary>Whether a transaction waits for a connection before it begins.</summary>
    bool WaitsForConnection();

    /// <summary>Asked before each statement but the first, and before the commit.</summary>
    Interruption Before(ModelTransaction transaction, string statement);
}

/// <summary>A client to which nothing happens.</summary>
public sealed class CalmClient : IModelClient
{
    public string Name => "calm";

    public bool IsPaused => false;

    public bool IsGone => false;

    public bool SendsInOnePiece() => true;

    public bool WaitsForConnection() => false;

    public Interruption Before(ModelTransaction transaction, string statement) => Interruption.None;
}
