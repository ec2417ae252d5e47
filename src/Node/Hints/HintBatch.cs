using System.Text.Json;
using System.Text.Json.Serialization;
using Latecomer.Runtime;

namespace Latecomer.Node.Hints;

/// <summary>Hints of one node for another, as they travel: JSON. What a receiver does not know in it, it leaves.</summary>
/// <param name="Mail">Shards that have mail.</param>
/// <param name="Replies">Requests that were decided.</param>
/// <param name="Cancel">Some activity is to stop.</param>
/// <param name="Placement">Nodes or shards have moved.</param>
/// <param name="Journal">Shards whose journals have grown; null for none.</param>
/// <param name="Watched">The address of the node that sends this, if somebody watches the journal there; null if not.</param>
internal sealed record HintBatch(
    [property: JsonPropertyName("mail")] IReadOnlyList<int> Mail,
    [property: JsonPropertyName("replies")] IReadOnlyList<string> Replies,
    [property: JsonPropertyName("cancel")] bool Cancel,
    [property: JsonPropertyName("placement")] bool Placement,
    [property: JsonPropertyName("journal")] IReadOnlyList<int>? Journal = null,
    [property: JsonPropertyName("watched")] string? Watched = null)
{
    /// <summary>The most requests in one batch; what is more waits for the next one.</summary>
    public const int MostReplies = 256;

    /// <summary>The largest batch, bytes.</summary>
    public const int MostBytes = 512 * 1024;

    /// <summary>As it travels.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this);

    /// <summary>Reads what came.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static HintBatch Read(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize<HintBatch>(body) is { Mail: not null, Replies: not null } batch ? batch : throw new FormatException("These are no hints.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"These are no hints: {e.Message}", e);
        }
    }

    /// <summary>The hints in it.</summary>
    /// <exception cref="FormatException">One of its requests has no request's id, or what watches no address.</exception>
    public IEnumerable<Hint> Hints()
    {
        foreach (var shard in Mail)
        {
            yield return new Hint.MailArrived(new ShardId(shard));
        }

        foreach (var request in Replies)
        {
            yield return new Hint.ReplyDecided(RequestId.Parse(request));
        }

        foreach (var shard in Journal ?? [])
        {
            yield return new Hint.JournalGrew(new ShardId(shard));
        }

        if (Watched is not null)
        {
            yield return new Hint.JournalWatched(
                Uri.TryCreate(Watched, UriKind.Absolute, out var by) ? by : throw new FormatException($"'{Watched}' is no address."));
        }

        if (Cancel)
        {
            yield return new Hint.CancelRequested();
        }

        if (Placement)
        {
            yield return new Hint.PlacementChanged();
        }
    }
}
