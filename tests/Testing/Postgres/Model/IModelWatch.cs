using Latecomer.Runtime;

namespace Latecomer.Tests.Testing.Postgres.Model;

/// <summary>Is told what becomes durable at the moment when it does, in the order of commits, whether or not anybody hears an answer.</summary>
public interface IModelWatch
{
    void Taken(IEnumerable<Lease> leases);

    void Released(IEnumerable<Lease> leases);

    void Read(ShardWork work);

    void Accepted(NewRequest request);

    void Refused(InvalidTurnException fault);

    void Completed(ActivityAssignment assignment, ActivityEnded ended);

    void Committed(TurnBatch batch);

    void Trimmed(Lease lease, DateTimeOffset before, int removed);

    /// <summary>Not at a commit, but where it is decided: a node may live on, or take what another had.</summary>
    /// <param name="node">The node.</param>
    /// <param name="from">Whose leases it takes; null if it only lives on.</param>
    /// <param name="at">When, by the server's clock as it really is.</param>
    void Decided(Incarnation node, Incarnation? from, DateTimeOffset at);

    /// <summary>A node lives until then.</summary>
    void Lives(Incarnation node, DateTimeOffset until);
}

/// <summary>Watches nothing.</summary>
public sealed class NoWatch : IModelWatch
{
    public void Taken(IEnumerable<Lease> leases)
    {
    }

    public void Released(IEnumerable<Lease> leases)
    {
    }

    public void Read(ShardWork work)
    {
    }

    public void Accepted(NewRequest request)
    {
    }

    public void Refused(InvalidTurnException fault)
    {
    }

    public void Completed(ActivityAssignment assignment, ActivityEnded ended)
    {
    }

    public void Committed(TurnBatch batch)
    {
    }

    public void Trimmed(Lease lease, DateTimeOffset before, int removed)
    {
    }

    public void Decided(Incarnation node, Incarnation? from, DateTimeOffset at)
    {
    }

    public void Lives(Incarnation node, DateTimeOffset until)
    {
    }
}
