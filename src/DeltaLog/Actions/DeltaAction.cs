namespace Latecomer.DeltaLog;

/// <summary>One action of a commit (PROTOCOL.md, "Actions"). The set is closed: actions that are not listed there, and
/// <c>cdc</c>, which changes nothing in the table, are skipped when a commit is read.</summary>
public abstract record DeltaAction
{
    private protected DeltaAction()
    {
    }
}
