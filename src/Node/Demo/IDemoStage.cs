using Latecomer.Node.Http;

namespace Latecomer.Node.Demo;

/// <summary>The nodes that a demo plays on. Disposing ends them.</summary>
internal interface IDemoStage : IAsyncDisposable
{
    /// <summary>Their API.</summary>
    IApi Api { get; }

    /// <summary>Where tables and configuration files are.</summary>
    string Dataset { get; }

    /// <summary>Completes when the store could not be used, with the reason for people.</summary>
    Task<string> StoreFailed { get; }

    /// <summary>Says that the demo comes to a phase; returns when it may begin.</summary>
    Task Enter(DemoPhase phase, CancellationToken cancellation);

    /// <summary>Says that all has been played.</summary>
    /// <returns>What each node ran.</returns>
    Task<IReadOnlyList<DemoProgress.NodeShare>> End(CancellationToken cancellation);
}
