using Latecomer.Runtime;

namespace Latecomer.Tests.Testing.Actors;

/// <summary>All actors of a program in one thread, without engine and store: messages in one queue, activities run by the test, timers by
/// <see cref="Advance"/>. For tests of what actors decide together. Everything goes through its durable form, as on a store.</summary>
public sealed class ActorWorld(ActorCatalog catalog)
{
    private readonly Dictionary<ActorId, object> _states = [];
    private readonly Queue<(ActorId? From, ActorId To, SerializedMessage Message)> _mail = new();
    private readonly Dictionary<(ActorId, string), (DateTimeOffset Due, SerializedMessage Message)> _timers = [];
    private readonly SortedDictionary<string, SortedDictionary<string, byte[]>> _rows = new(StringComparer.Ordinal);

    public DateTimeOffset Now { get; private set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public Dictionary<ActivityKey, (string Kind, byte[] Input, bool Cancelled)> Activities { get; } = [];

    public Dictionary<RequestId, RequestReply> Replies { get; } = [];

    public List<(ActorId Actor, object Entry)> Journal { get; } = [];

    /// <summary>Rows that are history: they are not put again.</summary>
    public SortedSet<(string Projection, string Key)> Retired { get; } = [];

    /// <summary>Ends an activity; null leaves it running.</summary>
    public Func<ActivityKey, string, byte[], object?> RunActivity { get; set; } = (_, _, _) => null;

    public void Tell(ActorId to, object message) => _mail.Enqueue((null, to, catalog.BehaviorOf(to).WriteMessage(message)));

    /// <summary>Runs turns and activities until nothing is left to do at this time.</summary>
    public void Settle(int mostTurns = 100_000)
    {
        for (var turns = 0; Step(); turns++)
        {
            turns.ShouldBeLessThan(mostTurns, "the actors keep each other busy for ever");
        }
    }

    /// <summary>Runs turns alone: activities that were asked to stop go on.</summary>
    public void SettleMail()
    {
        while (_mail.TryDequeue(out var mail))
        {
            Run(mail.To, mail.From, catalog.BehaviorOf(mail.To).ReadMessage(mail.Message));
        }
    }

    /// <summary>Lets time pass, timer by timer.</summary>
    public void Advance(TimeSpan time)
    {
        var until = Now + time;
        Settle();
        while (_timers.Where(t => t.Value.Due <= until).OrderBy(t => t.Value.Due).Select(t => ((ActorId, string)?)t.Key).FirstOrDefault() is { } key)
        {
            var timer = _timers[key];
            _timers.Remove(key);
            Now = timer.Due > Now ? timer.Due : Now;
            _mail.Enqueue((null, key.Item1, timer.Message));
            Settle();
        }

        Now = until;
    }

    public void End(ActivityKey key, ActivityOutcome outcome, object? output, string? error = null)
    {
        var (kind, _, _) = Activities[key];
        Activities.Remove(key);
        Run(key.Actor, from: null, new ActivityEnded(key.Id, kind, 1, outcome, output is null ? null : DurableJson.Write(output, output.GetType()), error));
    }

    public T State<T>(ActorId actor) => (T)StateOf(actor);

    public IReadOnlyList<T> Rows<T>(string projection, string prefix = "") =>
        [.. _rows.GetValueOrDefault(projection, []).Where(r => r.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(r => DurableJson.Read<T>(r.Value))];

    public IReadOnlyList<string> Keys(string projection, string prefix = "") =>
        [.. _rows.GetValueOrDefault(projection, []).Keys.Where(k => k.StartsWith(prefix, StringComparison.Ordinal))];

    private bool Step()
    {
        if (_mail.TryDequeue(out var mail))
        {
            Run(mail.To, mail.From, catalog.BehaviorOf(mail.To).ReadMessage(mail.Message));
            return true;
        }

        foreach (var (key, activity) in Activities.OrderBy(a => a.Key.ToString(), StringComparer.Ordinal))
        {
            if (activity.Cancelled)
            {
                End(key, ActivityOutcome.Cancelled, output: null);
                return true;
            }

            var output = RunActivity(key, activity.Kind, activity.Input);
            if (output is not null)
            {
                var failure = output as Exception;
                End(key, failure is null ? ActivityOutcome.Completed : ActivityOutcome.Failed, failure is null ? output : null, failure?.Message);
                return true;
            }
        }

        return false;
    }

    private object StateOf(ActorId actor) => _states.TryGetValue(actor, out var state) ? state : catalog.BehaviorOf(actor).Initial(actor.Key);

    private void Run(ActorId actor, ActorId? from, object message)
    {
        var behavior = catalog.BehaviorOf(actor);
        var (state, effects) = behavior.Run(new TurnContext(actor, from, Now, "test"), StateOf(actor), message);
        var image = behavior.WriteState(state);
        image.Length.ShouldBeLessThanOrEqualTo(ActorLimits.StateBytes);
        effects.Sends.Count.ShouldBeLessThanOrEqualTo(ActorLimits.SendsPerTurn);
        _states[actor] = behavior.ReadState(image, behavior.SchemaVersion);
        Journal.AddRange(effects.Entries.Select(e => (actor, behavior.ReadEntry(behavior.WriteEntry(e)))));
        foreach (var send in effects.Sends)
        {
            _mail.Enqueue((actor, send.To, catalog.BehaviorOf(send.To).WriteMessage(send.Message)));
        }

        Take(actor, behavior, effects);
    }

    private void Take(ActorId actor, IActorBehavior behavior, TurnEffects effects)
    {
        foreach (var timer in effects.Timers)
        {
            _timers.Remove((actor, timer.Name));
            if (timer is TimerChange.Set set)
            {
                _timers[(actor, timer.Name)] = (set.Due, behavior.WriteMessage(set.Message));
            }
        }

        foreach (var change in effects.Activities)
        {
            var key = new ActivityKey(actor, change.Id);
            if (change is ActivityChange.Start start)
            {
                Activities.Add(key, (start.Kind, DurableJson.Write(start.Input, start.Input.GetType()), false));
            }
            else if (Activities.TryGetValue(key, out var running))
            {
                Activities[key] = running with { Cancelled = true };
            }
        }

        foreach (var reply in effects.Replies)
        {
            Replies.TryAdd(reply.Request, reply).ShouldBeTrue($"{reply.Request} was answered twice");
        }

        foreach (var row in effects.Rows)
        {
            if (row is ProjectionChange.Retire)
            {
                Retired.Add((row.Projection, row.Key)).ShouldBeTrue($"{row} was retired twice");
                continue;
            }

            var rows = _rows.TryGetValue(row.Projection, out var known) ? known : _rows[row.Projection] = new(StringComparer.Ordinal);
            rows.Remove(row.Key);
            if (row is ProjectionChange.Put put)
            {
                Retired.ShouldNotContain((row.Projection, row.Key));
                rows[row.Key] = DurableJson.Write(put.Row, put.Row.GetType());
            }
        }
    }
}
