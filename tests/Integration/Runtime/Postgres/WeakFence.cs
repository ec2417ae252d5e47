namespace Latecomer.Tests.Integration.Runtime.Postgres;

/// <summary>Fences that others have used, in place of ours. Each looks right, and lets in what a fence has to keep out.</summary>
public static class WeakFence
{
    private const string OfLease = "shard = of_shard AND epoch = of_epoch AND owner = of_owner";

    public static string PlainSelect => With($"PERFORM 1 FROM latecomer.shard WHERE {OfLease};");

    public static string ForKeyShare => With($"PERFORM 1 FROM latecomer.shard WHERE {OfLease} FOR KEY SHARE;");

    public static string ForShare => With($"PERFORM 1 FROM latecomer.shard WHERE {OfLease} FOR SHARE;");

    /// <summary>The lease is looked up inside of an update of something else.</summary>
    public static string InsideAnUpdate => With($"UPDATE latecomer.store SET one = true WHERE EXISTS (SELECT 1 FROM latecomer.shard WHERE {OfLease});");

    /// <summary>An advisory lock, that take-overs take too, and the epoch, by one statement: it reads what was before it waited.</summary>
    public static string AdvisoryLock => $"""
        CREATE FUNCTION latecomer.lock_as_turns_do() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM pg_advisory_xact_lock(1000 + OLD.shard);
            RETURN NEW;
        END
        $$;
        CREATE TRIGGER lock_as_turns_do BEFORE UPDATE ON latecomer.shard FOR EACH ROW EXECUTE FUNCTION latecomer.lock_as_turns_do();
        {With($"PERFORM pg_advisory_xact_lock(1000 + of_shard) FROM latecomer.shard WHERE {OfLease};")}
        """;

    private static string With(string check) => $"""
        CREATE OR REPLACE FUNCTION latecomer.fence(of_shard int, of_epoch bigint, of_owner uuid) RETURNS void LANGUAGE plpgsql AS $$
        BEGIN
            {check}
            IF NOT FOUND THEN
                RAISE EXCEPTION USING ERRCODE = 'AF001', MESSAGE = 'the lease is lost';
            END IF;
        END
        $$;
        """;
}
