namespace Latecomer.Tests.Integration.Runtime.Postgres.Interleaving;

/// <summary>A transaction that a script leads from statement to statement.</summary>
internal interface IScriptedSession : IAsyncDisposable
{
    /// <summary>Begins a statement.</summary>
    /// <returns>What it gave, or the code that it was refused with, which ends the transaction.</returns>
    Task<string> Do(string statement);

    /// <summary>Waits until the statement has ended, or waits for somebody's lock.</summary>
    /// <returns>Whether it has ended.</returns>
    Task<bool> Settle(Task<string> statement);
}
