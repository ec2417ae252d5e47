using System.Collections.Frozen;
using Latecomer.Runtime;

namespace Latecomer.Node.Hints;

/// <summary>Which of the other nodes live, where they are, and which shards they own, as it was when somebody of this process last looked. What is wrong in it
/// costs time, for a hint goes astray, and nothing else.</summary>
internal sealed class Routes
{
    private readonly FrozenDictionary<int, Uri> _owners;

    private Routes(IReadOnlyCollection<Uri> others, FrozenDictionary<int, Uri> owners)
    {
        Others = others;
        _owners = owners;
    }

    /// <summary>Nobody is known yet.</summary>
    public static Routes None { get; } = new([], FrozenDictionary<int, Uri>.Empty);

    /// <summary>Where the other nodes that live are.</summary>
    public IReadOnlyCollection<Uri> Others { get; }

    /// <summary>What a view of the store says to <paramref name="self"/>.</summary>
    public static Routes Of(Incarnation self, PlacementView seen)
    {
        var others = new Dictionary<Incarnation, Uri>();
        foreach (var node in seen.Nodes.Where(n => n.IsLive(seen.Now) && n.Registration.Incarnation != self))
        {
            if (Uri.TryCreate(node.Registration.Address, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps))
            {
                others[node.Registration.Incarnation] = address;
            }
        }

        return new Routes(
            [.. others.Values.Distinct()],
            seen.Ownerships.Where(o => o.Owner is { } owner && others.ContainsKey(owner)).ToFrozenDictionary(o => o.Shard.Number, o => others[o.Owner!.Value]));
    }

    /// <summary>Where the other node is that owns a shard; null if none is known to.</summary>
    public Uri? OwnerOf(ShardId shard) => _owners.GetValueOrDefault(shard.Number);

    /// <summary>To whom a hint goes beside this process: mail to the owner of its shard, a decision to all, for any may wait for it, and who watches the journal. That it grew is told to those who watch it. What starts is run where the shard is.</summary>
    public IEnumerable<Uri> For(Hint hint) => hint switch
    {
        Hint.MailArrived mail => _owners.TryGetValue(mail.Shard.Number, out var owner) ? [owner] : [],
        Hint.ReplyDecided or Hint.CancelRequested or Hint.PlacementChanged or Hint.JournalWatched => Others,
        _ => [],
    };
}
