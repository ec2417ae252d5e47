namespace Latecomer.Tests.Testing.Postgres.Model;

/// <summary>How a transaction holds a row, weakest first.</summary>
public enum LockMode
{
    /// <summary>FOR KEY SHARE: what a foreign key takes.</summary>
    KeyShare,

    /// <summary>FOR SHARE.</summary>
    Share,

    /// <summary>FOR NO KEY UPDATE, and an update that changes no key.</summary>
    NoKeyUpdate,

    /// <summary>FOR UPDATE, a deletion, an insertion under a key that others want too.</summary>
    Update,
}

/// <summary>The table of conflicts between row locks.</summary>
public static class LockModes
{
    public static bool ConflictsWith(this LockMode one, LockMode other) => (one, other) switch
    {
        (LockMode.KeyShare, LockMode.Update) or (LockMode.Update, LockMode.KeyShare) => true,
        (LockMode.KeyShare, _) or (_, LockMode.KeyShare) => false,
        (LockMode.Share, LockMode.Share) => false,
        _ => true,
    };
}
