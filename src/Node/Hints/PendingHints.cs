using Latecomer.Runtime;

namespace Latecomer.Node.Hints;

/// <summary>Hints that wait to be sent to one node. Bounded, because the same hint waits once, and what is too much is forgotten.</summary>
internal sealed class PendingHints
{
    private const int MostReplies = 10 * HintBatch.MostReplies;

    private readonly Lock _lock = new();
    private readonly HashSet<int> _mail = [];
    private readonly Queue<string> _replies = new();
    private readonly HashSet<int> _journal = [];
    private Uri? _watched;
    private bool _cancel;
    private bool _placement;

    /// <summary>Adds one.</summary>
    /// <returns>Whether there is something to send.</returns>
    public bool Add(Hint hint)
    {
        lock (_lock)
        {
            switch (hint)
            {
                case Hint.MailArrived mail:
                    _mail.Add(mail.Shard.Number);
                    break;
                case Hint.ReplyDecided decided when _replies.Count < MostReplies:
                    _replies.Enqueue(decided.Request.Value);
                    break;
                case Hint.JournalGrew grew:
                    _journal.Add(grew.Shard.Number);
                    break;
                case Hint.JournalWatched watched:
                    _watched = watched.By;
                    break;
                case Hint.CancelRequested:
                    _cancel = true;
                    break;
                case Hint.PlacementChanged:
                    _placement = true;
                    break;
                default:
                    return false;
            }

            return true;
        }
    }

    /// <summary>Takes out what waits, as much as one batch may hold; null if there is nothing.</summary>
    public HintBatch? Take()
    {
        lock (_lock)
        {
            if (_mail.Count == 0 && _replies.Count == 0 && _journal.Count == 0 && _watched is null && !_cancel && !_placement)
            {
                return null;
            }

            var replies = new List<string>(Math.Min(_replies.Count, HintBatch.MostReplies));
            while (replies.Count < HintBatch.MostReplies && _replies.TryDequeue(out var request))
            {
                replies.Add(request);
            }

            var batch = new HintBatch([.. _mail], replies, _cancel, _placement, _journal.Count == 0 ? null : [.. _journal], _watched?.AbsoluteUri);
            _mail.Clear();
            _journal.Clear();
            _watched = null;
            _cancel = _placement = false;
            return batch;
        }
    }
}
