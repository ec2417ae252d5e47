using System.Diagnostics;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Actors;

/// <summary>Whose a folder of configuration files is.</summary>
public sealed record ConfigurationFolderState(PipelineName? Owner);

/// <summary>What a folder is told.</summary>
public abstract record ConfigurationFolderMessage
{
    private ConfigurationFolderMessage()
    {
    }

    /// <summary>A pipeline wants to write its files here.</summary>
    public sealed record Take(PipelineName Pipeline) : ConfigurationFolderMessage;
}

/// <summary>What happens to a folder.</summary>
public abstract record ConfigurationFolderEntry
{
    private ConfigurationFolderEntry()
    {
    }

    /// <summary>It belongs to a pipeline now.</summary>
    public sealed record Taken(PipelineName Pipeline) : ConfigurationFolderEntry;
}

/// <summary>Guarantees that a folder of configuration files belongs to one pipeline: the first that takes it.</summary>
public sealed class ConfigurationFolderActor : Actor<ConfigurationFolderState, ConfigurationFolderMessage, ConfigurationFolderEntry>
{
    /// <inheritdoc/>
    public override ActorKind Kind { get; } = new ActorKind.Sharded(ActorIds.FolderKind);

    /// <inheritdoc/>
    public override ConfigurationFolderState Initial(string key) => new(Owner: null);

    /// <inheritdoc/>
    public override void Handle(Turn<ConfigurationFolderState, ConfigurationFolderEntry> turn, ConfigurationFolderMessage message)
    {
        var take = message as ConfigurationFolderMessage.Take ?? throw new UnreachableException();
        if (turn.State.Owner is null)
        {
            turn.Record(new ConfigurationFolderEntry.Taken(take.Pipeline));
        }

        turn.Send(ActorIds.Pipeline(take.Pipeline), new PipelineMessage.FolderAnswered(turn.State.Owner!.Value));
    }

    /// <inheritdoc/>
    public override ConfigurationFolderState Apply(ConfigurationFolderState state, ConfigurationFolderEntry entry) => entry switch
    {
        ConfigurationFolderEntry.Taken taken => new ConfigurationFolderState(taken.Pipeline),
        _ => throw new UnreachableException(),
    };
}
