using Latecomer.Runtime;

namespace Latecomer.Tests.Simulation;

/// <summary>What can go wrong with calls to the store, and how often; off while a simulation comes to its end.</summary>
internal sealed class FaultPlan
{
    public bool Active { get; set; } = true;

    /// <summary>Of a thousand calls, those that wait for their turn before they reach the store, and again after it.</summary>
    public int Parked { get; init; } = 40;

    /// <summary>Of a thousand statements, those before which a server lets others go first.</summary>
    public int BusyServer { get; init; } = 40;

    /// <summary>Of a thousand statements, those before which a client stops sending for a while.</summary>
    public int SilentClients { get; init; } = 15;

    /// <summary>Of a thousand statements, those before which a connection is lost.</summary>
    public int LostConnections { get; init; } = 3;

    /// <summary>Of a thousand transactions, those that are sent in one piece.</summary>
    public int InOnePiece { get; init; } = 600;

    /// <summary>Of a thousand calls, those that fail before they reach the store, and those whose answer is lost.</summary>
    public int Failing { get; init; } = 4;

    /// <summary>Of a thousand messages, those after which the next of the same sender is not seen yet.</summary>
    public int LateMail { get; init; } = 100;

    /// <summary>Of a thousand hints, those that a node does not hear.</summary>
    public int LostHints { get; init; } = 60;

    /// <summary>Of a thousand offers, those that are lost, and of a thousand answers to them.</summary>
    public int LostOffers { get; init; } = 150;

    /// <summary>Of a thousand works, those that fail.</summary>
    public int FailingWorks { get; init; } = 80;

    /// <summary>Of a thousand reads and writes of files, those that fail.</summary>
    public int FailingFiles { get; init; } = 15;
}

/// <summary>The process is gone: nothing of it may go on.</summary>
internal sealed class CrashedException() : Exception("The process has crashed.");

/// <summary>A call on its way to or from the store.</summary>
internal sealed record ParkedCall(CallGate Gate, string Call, TaskCompletionSource Resume);

/// <summary>Calls that wait for the scheduler.</summary>
internal sealed class ParkedCalls : List<ParkedCall>;

/// <summary>The way of one process to the store. Every call passes it, so that between any two of them the scheduler can let others go first, lose the call
/// or its answer, or crash the process.</summary>
internal sealed class CallGate(string name, SeededRandom random, FaultPlan faults, ParkedCalls parked, Trace trace) : IStoreGate
{
    private int _callsToCrash = -1;

    public string Name => name;

    /// <summary>Nothing passes any more.</summary>
    public bool Dead { get; private set; }

    /// <summary>Parked calls stay parked.</summary>
    public bool Paused { get; set; }

    /// <summary>It mixes up what the store gives in order, where the store itself does not.</summary>
    public bool Reorders { get; init; } = true;

    public bool CrashIsDue => _callsToCrash >= 0;

    /// <summary>Crashes at the call after so many others: before it reaches the store, or before its answer is heard.</summary>
    public void CrashAfter(int calls) => _callsToCrash = calls;

    public void Kill()
    {
        if (!Dead)
        {
            Dead = true;
            trace.Add($"{name} crashed");
        }
    }

    /// <summary>Messages keep their order between a sender and a receiver, and nothing more: who commits late is seen late.</summary>
    public ShardWork Reorder(ShardWork work)
    {
        if (!Reorders || !faults.Active || work.Mail.Count < 2)
        {
            return work;
        }

        var bySender = work.Mail.GroupBy(m => (m.To, m.From, Single: m.From is null ? m.Id : 0)).Select(g => new Queue<Mail>(g)).ToList();
        var mail = new List<Mail>();
        while (bySender.Count > 0)
        {
            var next = random.Pick(bySender);
            mail.Add(next.Dequeue());
            if (next.Count == 0 || random.PerMille(faults.LateMail))
            {
                bySender.Remove(next);
            }
        }

        return work with { Mail = mail };
    }

    public ValueTask<T> Through<T>(string call, Func<ValueTask<T>> inner)
    {
        if (Dead)
        {
            throw new CrashedException();
        }

        return faults.Active ? WithFaults(call, inner) : inner();
    }

    private async ValueTask<T> WithFaults<T>(string call, Func<ValueTask<T>> inner)
    {
        var crashes = _callsToCrash >= 0 && _callsToCrash-- == 0;
        if (crashes && random.Half())
        {
            Crash($"before {call}");
        }

        await Pass($"before {call}");
        var result = await Hear(call, inner);
        if (crashes)
        {
            Crash($"after {call}");
        }

        await Pass($"after {call}");
        return result;
    }

    /// <summary>Calls and hears the answer, if it still lives, and not while it stands still.</summary>
    private async ValueTask<T> Hear<T>(string call, Func<ValueTask<T>> inner)
    {
        var result = default(T);
        StoreFaultException? fault = null;
        try
        {
            result = await inner();
        }
        catch (StoreFaultException caught)
        {
            fault = caught;
        }

        while (Paused && !Dead)
        {
            await Park($"after {call}");
        }

        return Dead ? throw new CrashedException() : fault is null ? result! : throw fault;
    }

    private void Crash(string where)
    {
        trace.Add($"{name} crashes {where}");
        Kill();
        throw new CrashedException();
    }

    private async ValueTask Pass(string where)
    {
        var chance = random.Below(1000);
        if (chance < faults.Failing)
        {
            trace.Add($"{name} loses the store {where}");
            throw new StoreFaultException($"{name} cannot reach the store.");
        }

        if (chance < faults.Failing + faults.Parked)
        {
            await Park(where);
        }
    }

    private Task Park(string where)
    {
        trace.Add($"{name} waits {where}");
        var resume = new TaskCompletionSource();
        parked.Add(new ParkedCall(this, where, resume));
        return resume.Task;
    }
}
