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

    /// <summary>A pipeline is deleted and writes here no more. Answered by <see cref="PipelineMessage.PartForgotten"/>.</summary>
    public sealed record Release(PipelineName Pipeline) : ConfigurationFolderMessage;
}

/// <summary>What happens to a folder.</summary>
public abstract record ConfigurationFolderEntry
{
    private ConfigurationFolderEntry()
    {
    }

    /// <summary>It belongs to a pipeline now.</summary>
    public sealed record Taken(PipelineName Pipeline) : ConfigurationFolderEntry;

    /// <summary>It belongs to nobody.</summary>
    public sealed record Released : ConfigurationFolderEntry;
}

/// <summary>Guarantees that a folder of configuration files belongs to one pipeline at a time: the first that takes it, until that is deleted.</summary>
public sealed class ConfigurationFolderActor : Actor<ConfigurationFolderState, ConfigurationFolderMessage, ConfigurationFolderEntry>
{
    /// <inheritdoc/>
    public override ActorKind Kind { get; } = new ActorKind.Sharded(ActorIds.FolderKind);

    /// <inheritdoc/>
    public override ConfigurationFolderState Initial(string key) => new(Owner: null);

    /// <inheritdoc/>
    public override void Handle(Turn<ConfigurationFolderState, ConfigurationFolderEntry> turn, ConfigurationFolderMessage message)
    {
        switch (message)
        {
            case ConfigurationFolderMessage.Take take:
                if (turn.State.Owner is null)
                {
                    turn.Record(new ConfigurationFolderEntry.Taken(take.Pipeline));
                }

                turn.Send(ActorIds.Pipeline(take.Pipeline), new PipelineMessage.FolderAnswered(turn.State.Owner!.Value));
                break;
            case ConfigurationFolderMessage.Release release:
                if (turn.State.Owner == release.Pipeline)
                {
                    turn.Record(new ConfigurationFolderEntry.Released());
                }

                turn.Send(ActorIds.Pipeline(release.Pipeline), new PipelineMessage.PartForgotten());
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <inheritdoc/>
    public override ConfigurationFolderState Apply(ConfigurationFolderState state, ConfigurationFolderEntry entry) => entry switch
    {
        ConfigurationFolderEntry.Taken taken => new ConfigurationFolderState(taken.Pipeline),
        ConfigurationFolderEntry.Released => new ConfigurationFolderState(Owner: null),
        _ => throw new UnreachableException(),
    };
}
