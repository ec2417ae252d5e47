namespace Latecomer.Tests.Testing.Postgres.Model;

/// <summary>What others do where our store does better. Each looks right.</summary>
public enum Weakness
{
    None,

    /// <summary>The fence is a SELECT without a lock.</summary>
    PlainSelect,

    /// <summary>The fence is looked up inside of an update of something else.</summary>
    InsideAnUpdate,

    /// <summary>The fence holds the lease as a foreign key would.</summary>
    ForKeyShare,

    /// <summary>The fence shares its lock: safe, but take-overs starve.</summary>
    ForShare,

    /// <summary>The fence is an advisory lock, which take-overs take too, and the epoch, in one statement.</summary>
    AdvisoryLock,

    /// <summary>The fence is a SELECT without a lock, in a transaction of one snapshot.</summary>
    RepeatableRead,

    /// <summary>The clock is now(), which stands still from the beginning of a transaction.</summary>
    FrozenClock,

    /// <summary>Mail is read above a floor that does not wait for the transactions that were given numbers below it.</summary>
    FloorHint,

    /// <summary>No fence at all, and nobody counts the rows that a batch consumes.</summary>
    Uncounted,

    /// <summary>The fence of batches that share a transaction is one SELECT of all their leases with the right lock, and asks whether it found any.</summary>
    FenceOfAny,

    /// <summary>A batch puts its requests without looking whether they are known.</summary>
    Unkeyed,
}
