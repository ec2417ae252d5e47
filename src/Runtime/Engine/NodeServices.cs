namespace Latecomer.Runtime;

/// <summary>What the parts of one node share: <see cref="Membership"/>, <see cref="OwnedShards"/>, <see cref="Allocation"/>, <see cref="ShardProcessor"/>,
/// <see cref="ActivityPump"/>. Each of them is made of steps that start no thread, set no timer and complete synchronously when the store does.
/// <see cref="RuntimeNode"/> calls them in loops; a simulation calls the same steps in whatever order it likes, on a store and hints that fail as it
/// likes.</summary>
/// <param name="Self">The node, in this life.</param>
/// <param name="Store">Where everything durable is.</param>
/// <param name="Catalog">The actors of the program.</param>
/// <param name="Hints">How it tells others to look.</param>
/// <param name="Time">The process's clock: for waiting and measuring only, never for actors.</param>
/// <param name="Observer">Who hears what it does.</param>
/// <param name="Settings">How it runs.</param>
public sealed record NodeServices(
    NodeRegistration Self,
    IRuntimeStore Store,
    ActorCatalog Catalog,
    IHints Hints,
    TimeProvider Time,
    IRuntimeObserver Observer,
    RuntimeSettings Settings);
