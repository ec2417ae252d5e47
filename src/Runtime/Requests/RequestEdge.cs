using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Latecomer.Runtime;

/// <summary>Where requests enter. Guarantees that what carries the same request id is applied once and gets the same reply, whichever
/// edge it enters by, however often; and that what was replied is durable.</summary>
public sealed class RequestEdge : IDisposable
{
    private const int Remembered = 16;

    private static readonly TimeSpan FirstPoll = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ClockAskedEvery = TimeSpan.FromMinutes(1);

    private readonly IRuntimeStore _store;
    private readonly ActorCatalog _catalog;
    private readonly IHints _hints;
    private readonly TimeProvider _time;
    private readonly RuntimeSettings _settings;
    private readonly ConcurrentDictionary<RequestId, Waiter> _waiters = [];
    private readonly Admission _admission;
    private readonly IRequestIntake? _intake;
    private readonly IDisposable _subscription;
    private volatile ClockReading? _clock;
    private long _usualTicks;
    private int _waiting;

    /// <summary>An edge of the cluster that works on <paramref name="store"/>. It needs no node in its own process.</summary>
    /// <param name="store">Where requests become durable.</param>
    /// <param name="catalog">The actors that may be asked.</param>
    /// <param name="hints">How it hears of replies.</param>
    /// <param name="time">The process's clock.</param>
    /// <param name="settings">How long, and how much.</param>
    /// <param name="intake">Where it offers requests before it submits them to the store; null if nowhere.</param>
    public RequestEdge(IRuntimeStore store, ActorCatalog catalog, IHints hints, TimeProvider time, RuntimeSettings settings, IRequestIntake? intake = null)
    {
        _intake = intake;
        _store = store;
        _catalog = catalog;
        _hints = hints;
        _time = time;
        _settings = settings;
        _admission = new Admission(store.Turns, time, settings.MostWaiting);
        _subscription = hints.Subscribe(Hear);
    }

    /// <summary>Submits a message for an actor and awaits the reply that some turn gives to <paramref name="id"/>.</summary>
    /// <param name="id">Chosen by whoever asks; asking again with it is safe.</param>
    /// <param name="to">The actor.</param>
    /// <param name="message">One of the actor's messages.</param>
    /// <param name="cancellation">Ends the waiting. The request, once accepted, is carried out all the same.</param>
    /// <param name="origin">Where it came from, if that is to be kept.</param>
    public async Task<RequestOutcome> Ask(RequestId id, ActorId to, object message, CancellationToken cancellation, RequestOrigin? origin = null)
    {
        if (Volatile.Read(ref _waiting) >= _settings.RequestsAtOnce || !await _admission.Admits(cancellation))
        {
            return new RequestOutcome.Overloaded();
        }

        using var waiter = new Waiter(this, id);
        return await Submit(id, to, message, cancellation, origin) switch
        {
            SubmitOutcome.Decided decided => new RequestOutcome.Replied(decided.Reply),
            SubmitOutcome.Mismatch => new RequestOutcome.Mismatch(),
            var outcome => new RequestOutcome.Replied(await Await(waiter, id, mayBeThere: outcome is SubmitOutcome.Pending, cancellation)),
        };
    }

    /// <summary>Submits a message for an actor, and waits until it is durable: by a turn if its actor's owner takes it up at once, else in the mailbox.</summary>
    public async ValueTask<SubmitOutcome> Submit(RequestId id, ActorId to, object message, CancellationToken cancellation, RequestOrigin? origin = null)
    {
        var request = (await Request(id, to, _catalog.BehaviorOf(to).WriteMessage(message), cancellation)) with { Origin = origin };
        return (_intake is null ? null : await _intake.Offer(request, cancellation)) switch
        {
            OfferOutcome.TakenUp { Reply: { } reply } => new SubmitOutcome.Decided(reply),
            OfferOutcome.TakenUp => new SubmitOutcome.Accepted(),
            _ => await Store(request, cancellation),
        };
    }

    /// <summary>Puts a <see cref="Ping"/> into an actor's mailbox, and waits for nothing.</summary>
    public async ValueTask<SubmitOutcome> Ping(RequestId id, ActorId to, CancellationToken cancellation) =>
        await Store(await Request(id, to, Runtime.Ping.Message, cancellation), cancellation);

    private async ValueTask<NewRequest> Request(RequestId id, ActorId to, SerializedMessage serialized, CancellationToken cancellation) =>
        new(id, Hash(to, serialized), to, _catalog.ShardOf(to), serialized, await Now(cancellation) + _settings.RepliesKept);

    private async ValueTask<SubmitOutcome> Store(NewRequest request, CancellationToken cancellation)
    {
        var outcome = await _store.Requests.Submit(request, cancellation);
        if (outcome is SubmitOutcome.Accepted or SubmitOutcome.Pending)
        {
            _hints.Publish(new Hint.MailArrived(request.Shard));
        }

        return outcome;
    }

    /// <inheritdoc/>
    public void Dispose() => _subscription.Dispose();

    /// <summary>The store's clock, asked now and then: how long replies are kept is not a matter of milliseconds.</summary>
    private async ValueTask<DateTimeOffset> Now(CancellationToken cancellation)
    {
        if (_clock is { } reading && _time.GetElapsedTime(reading.At) is var passed && passed < ClockAskedEvery)
        {
            return reading.Now + passed;
        }

        var now = await _store.Membership.Now(cancellation);
        _clock = new ClockReading(now, _time.GetTimestamp());
        return now;
    }

    private static string Hash(ActorId to, SerializedMessage message)
    {
        var head = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{to}\n{message.Type}\n{message.SchemaVersion}\n"));
        return Convert.ToHexStringLower(SHA256.HashData([.. head, .. message.Body]));
    }

    private async Task<StoredReply> Await(Waiter waiter, RequestId id, bool mayBeThere, CancellationToken cancellation)
    {
        var asked = _time.GetTimestamp();
        var pause = FirstLook();
        var hinted = false;
        for (var look = mayBeThere; ; look = true)
        {
            if (look && await _store.Requests.FindReply(id, cancellation) is { } reply)
            {
                Learn(hinted, _time.GetElapsedTime(asked));
                return reply;
            }

            hinted = await waiter.Signal.Wait(pause, _time, cancellation);
            if (!hinted)
            {
                pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPoll.Ticks));
            }
        }
    }

    /// <summary>When to look without a hint: where hints come, not before one should have come.</summary>
    private TimeSpan FirstLook() =>
        TimeSpan.FromTicks(Math.Clamp(2 * Interlocked.Read(ref _usualTicks), FirstPoll.Ticks, LongestPoll.Ticks));

    /// <summary>Remembers how long replies take whose hints come; where one did not come, less is left to hints.</summary>
    private void Learn(bool hinted, TimeSpan took)
    {
        var usual = Interlocked.Read(ref _usualTicks);
        Interlocked.Exchange(ref _usualTicks, hinted ? usual + ((took.Ticks - usual) / Remembered) : usual / 2);
    }

    private void Hear(Hint hint)
    {
        if (hint is Hint.ReplyDecided decided && _waiters.TryGetValue(decided.Request, out var waiter))
        {
            waiter.Signal.Set();
        }
    }

    /// <summary>What the store's clock was, and this process's then.</summary>
    private sealed record ClockReading(DateTimeOffset Now, long At);

    /// <summary>One caller that waits. Of several that wait for the same id the last is hinted, the others find out by polling.</summary>
    private sealed class Waiter : IDisposable
    {
        private readonly RequestEdge _edge;
        private readonly RequestId _id;

        public Waiter(RequestEdge edge, RequestId id)
        {
            _edge = edge;
            _id = id;
            edge._waiters[id] = this;

            // Beside the dictionary, whose own count takes all of its locks.
            Interlocked.Increment(ref edge._waiting);
        }

        public AsyncSignal Signal { get; } = new();

        public void Dispose()
        {
            Interlocked.Decrement(ref _edge._waiting);
            _edge._waiters.TryRemove(KeyValuePair.Create(_id, this));
        }
    }
}
