using System.Collections.Concurrent;
using System.Net;
using Latecomer.Contracts;

namespace Latecomer.Tests.Nemesis;

/// <summary>A commit that a client put into a table; without a version if it could not. One that only puts files together changes no data.</summary>
internal sealed record Load(TablePath Table, string Partition, DateTimeOffset Begun, DateTimeOffset Ended, long? Version, bool IsCompaction = false);

/// <summary>What a node said to a request: an answer for good, or that nobody knows.</summary>
internal sealed record Answer(string Id, string Node, DateTimeOffset At, HttpStatusCode? Status, string Body)
{
    /// <summary>Whether it says what was decided; else one has to ask again, by the same id.</summary>
    public bool IsForGood => Status is HttpStatusCode.OK or HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed;
}

/// <summary>What clients asked, loaded and heard, also as lines of a file.</summary>
internal sealed class ClientHistory(string file) : IAsyncDisposable
{
    private readonly StreamWriter _lines = new(file) { AutoFlush = true };
    private readonly ConcurrentQueue<Load> _loads = [];
    private readonly ConcurrentQueue<Answer> _answers = [];

    public IReadOnlyList<Load> Loads => [.. _loads];

    public IReadOnlyList<Answer> Answers => [.. _answers];

    public void Add(Load load)
    {
        _loads.Enqueue(load);
        Write($"load {load}");
    }

    public void Add(Answer answer)
    {
        _answers.Enqueue(answer);
        Write($"answer {answer}");
    }

    /// <summary>Notes what somebody does, or what is done to the cluster.</summary>
    public void Write(string what)
    {
        lock (_lines)
        {
            _lines.WriteLine($"{DateTimeOffset.UtcNow:HH:mm:ss.fff} {what}");
        }
    }

    public ValueTask DisposeAsync() => _lines.DisposeAsync();
}
