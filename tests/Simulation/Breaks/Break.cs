using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Runtime;
using Latecomer.Tests.Testing.Postgres.Model;

namespace Latecomer.Tests.Simulation;

/// <summary>Something broken on purpose, at a seam, to see that it is noticed.</summary>
internal enum Break
{
    /// <summary>The store takes batches of whoever once owned the shard.</summary>
    Fence,

    /// <summary>Partitions that are claimed let themselves be claimed again, and the backfill singleton asks them.</summary>
    Claim,

    /// <summary>What is marked as processed is the newest version, not what the run had pinned.</summary>
    Pin,

    /// <summary>Watchers say that all is known before their changes have arrived.</summary>
    Sync,

    /// <summary>Pipelines grant a slot more than they have.</summary>
    Slot,

    /// <summary>Runs that are cancelled release their hold at once, while their work goes on.</summary>
    Cancel,

    /// <summary>Pipelines forget which runs of a backfill of a range are open.</summary>
    Range,

    /// <summary>Partitions let runs of something else mark while another run has them.</summary>
    Hold,

    /// <summary>Partitions say that they have forgotten a pipeline that was deleted, and have not.</summary>
    Forget,

    /// <summary>Partitions that have runs let themselves be taken over.</summary>
    Adopt,

    /// <summary><see cref="Weakness.PlainSelect"/>; this and all below are of the model of PostgreSQL.</summary>
    PlainSelect,

    /// <summary><see cref="Weakness.InsideAnUpdate"/>.</summary>
    InsideAnUpdate,

    /// <summary><see cref="Weakness.ForKeyShare"/>.</summary>
    ForKeyShare,

    /// <summary><see cref="Weakness.ForShare"/>: no invariant notices that one.</summary>
    ForShare,

    /// <summary><see cref="Weakness.AdvisoryLock"/>.</summary>
    AdvisoryLock,

    /// <summary><see cref="Weakness.RepeatableRead"/>.</summary>
    RepeatableRead,

    /// <summary><see cref="Weakness.FrozenClock"/>.</summary>
    FrozenClock,

    /// <summary><see cref="Weakness.FloorHint"/>.</summary>
    FloorHint,

    /// <summary><see cref="Weakness.Uncounted"/>. Nobody looks at tokens then, so that what is noticed is what it does.</summary>
    Uncounted,

    /// <summary><see cref="Weakness.FenceOfAny"/>.</summary>
    FenceOfAny,

    /// <summary><see cref="Weakness.Unkeyed"/>.</summary>
    Unkeyed,
}

/// <summary>Puts broken behaviors in the place of the program's.</summary>
internal static class Breaks
{
    /// <summary>What is broken in the model of PostgreSQL.</summary>
    public static Weakness WeaknessOf(Break? broken) =>
        broken is { } b && Enum.TryParse<Weakness>(b.ToString(), out var weakness) ? weakness : Weakness.None;

    public static ActorCatalog Of(Break? broken, ActorCatalog catalog, SimulatedWorld world)
    {
        IActorBehavior Behavior(string kind) => catalog.BehaviorOf(new ActorId(kind, "any"));
        string[] kinds = [ActorIds.PipelineKind, ActorIds.PartitionKind, ActorIds.MarkingKind, ActorIds.BackfillKind, ActorIds.WatcherKind, ActorIds.FolderKind];
        return broken is not (Break.Claim or Break.Pin or Break.Sync or Break.Slot or Break.Cancel or Break.Range or Break.Hold or Break.Forget or Break.Adopt) ? catalog : new ActorCatalog(kinds.Select(kind => (broken, kind) switch
        {
            (Break.Claim, ActorIds.PartitionKind) => new ClaimedTwice(Behavior(kind)),
            (Break.Claim, ActorIds.BackfillKind) => new ForgettingClaims(Behavior(kind)),
            (Break.Pin, ActorIds.PartitionKind) => new ProcessedAtNewest(Behavior(kind), world),
            (Break.Hold, ActorIds.PartitionKind) => new HeldTwice(Behavior(kind)),
            (Break.Forget, ActorIds.PartitionKind) => new Remembering(Behavior(kind)),
            (Break.Adopt, ActorIds.PartitionKind) => new AdoptedThoughRun(Behavior(kind)),
            (Break.Sync, ActorIds.WatcherKind) => new SyncedAtOnce(Behavior(kind)),
            (Break.Slot, ActorIds.PipelineKind) => new OneSlotMore(Behavior(kind)),
            (Break.Cancel, ActorIds.PartitionKind) => new CancelledAtOnce(Behavior(kind)),
            (Break.Range, ActorIds.PipelineKind) => new ForgettingOpenRuns(Behavior(kind)),
            _ => Behavior(kind),
        }));
    }

    private sealed class ClaimedTwice(IActorBehavior inner) : AlteredBehavior(inner)
    {
        public override (object State, TurnEffects Effects) Run(TurnContext context, object state, object message)
        {
            if (message is not PartitionMessage.Reserve || state is not PartitionState { Claim: not null } claimed)
            {
                return base.Run(context, state, message);
            }

            var (after, effects) = base.Run(context, claimed with { Claim = null, Runs = claimed.Runs.RemoveAll(r => r.IsOpen) }, message);
            return ((PartitionState)after with { Runs = claimed.Runs }, effects);
        }
    }

    private sealed class HeldTwice(IActorBehavior inner) : AlteredBehavior(inner)
    {
        public override (object State, TurnEffects Effects) Run(TurnContext context, object state, object message) =>
            base.Run(context, message is PartitionMessage.MarkAsProcessing ? (PartitionState)state with { Section = null } : state, message);
    }

    private sealed class Remembering(IActorBehavior inner) : AlteredBehavior(inner)
    {
        public override (object State, TurnEffects Effects) Run(TurnContext context, object state, object message)
        {
            var (after, effects) = base.Run(context, state, message);
            return (message is PartitionMessage.Forget ? state : after, effects);
        }
    }

    private sealed class AdoptedThoughRun(IActorBehavior inner) : AlteredBehavior(inner)
    {
        public override (object State, TurnEffects Effects) Run(TurnContext context, object state, object message)
        {
            if (message is not PartitionMessage.AdoptAsked || state is not PartitionState known)
            {
                return base.Run(context, state, message);
            }

            var (_, effects) = base.Run(context, known with { Runs = [], LastProcessedBy = null, Claim = null }, message);
            return (known, effects);
        }
    }

    private sealed class ForgettingClaims(IActorBehavior inner) : AlteredBehavior(inner)
    {
        public override (object State, TurnEffects Effects) Run(TurnContext context, object state, object message) =>
            base.Run(context, message is BackfillMessage.Synced ? (BackfillState)state with { Claims = BackfillState.Empty.Claims } : state, message);
    }

    private sealed class ProcessedAtNewest(IActorBehavior inner, SimulatedWorld world) : AlteredBehavior(inner)
    {
        public override (object State, TurnEffects Effects) Run(TurnContext context, object state, object message)
        {
            var (after, effects) = base.Run(context, state, message);
            var at = effects.Entries.FindIndex(e => e is PartitionEntry.Processed);
            if (at < 0)
            {
                return (after, effects);
            }

            var processed = (PartitionEntry.Processed)effects.Entries[at];
            var newest = processed.Pin.Tables.Keys.Aggregate(Pin.None, (pin, t) => pin.With(t, new TablePin(world.Table(t).Id, world.Table(t).Newest)));
            effects.Entries[at] = processed with { Pin = newest };
            return ((PartitionState)after with { LastProcessed = newest }, effects);
        }
    }

    private sealed class SyncedAtOnce(IActorBehavior inner) : AlteredBehavior(inner)
    {
        public override (object State, TurnEffects Effects) Run(TurnContext context, object state, object message)
        {
            var watcher = (WatcherState)state;
            var (after, effects) = base.Run(context, watcher with { Unacknowledged = WatcherState.Empty.Unacknowledged }, message);
            return (after, effects);
        }
    }

    private sealed class OneSlotMore(IActorBehavior inner) : AlteredBehavior(inner)
    {
        public override (object State, TurnEffects Effects) Run(TurnContext context, object state, object message)
        {
            if (state is not PipelineState { Definition: { } definition } pipeline)
            {
                return base.Run(context, state, message);
            }

            var generous = definition with { MaxActiveRuns = definition.MaxActiveRuns + 1 };
            var (after, effects) = base.Run(context, pipeline with { Definition = generous }, message);
            var known = (PipelineState)after;
            return (known.Definition == generous ? known with { Definition = definition } : known, effects);
        }
    }

    private sealed class CancelledAtOnce(IActorBehavior inner) : AlteredBehavior(inner)
    {
        public override (object State, TurnEffects Effects) Run(TurnContext context, object state, object message)
        {
            var known = (PartitionState)state;
            return message is PartitionMessage.CancelRun cancel && known.Find(cancel.Run) is { Wait: Wait.Work }
                ? base.Run(context, known.With(cancel.Run, r => r with { Wait = Wait.Data }), message)
                : base.Run(context, state, message);
        }
    }

    private sealed class ForgettingOpenRuns(IActorBehavior inner) : AlteredBehavior(inner)
    {
        public override (object State, TurnEffects Effects) Run(TurnContext context, object state, object message) =>
            base.Run(context, state is PipelineState { Backfill: { } backfill } pipeline ? pipeline with { Backfill = backfill with { Open = [] } } : state, message);
    }
}
