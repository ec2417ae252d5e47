namespace Latecomer.Tests.EndToEnd.Harness;

/// <summary>The lines that a process has written so far, and those to come.</summary>
internal sealed class LineLog
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly List<(Func<string, bool> Wanted, TaskCompletionSource<string> Found)> _waiting = [];
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when nothing more comes.</summary>
    public Task Closed => _closed.Task;

    /// <summary>All lines so far.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>All lines so far, as text.</summary>
    public string Text => string.Join('\n', Lines);

    /// <summary>Takes the next line; null when there are no more.</summary>
    public void Add(string? line)
    {
        lock (_lock)
        {
            if (line is null)
            {
                _waiting.ForEach(w => w.Found.TrySetException(new EndOfStreamException("The process wrote no such line.")));
                _waiting.Clear();
                _closed.TrySetResult();
                return;
            }

            _lines.Add(line);
            foreach (var waiting in _waiting.Where(w => w.Wanted(line)).ToList())
            {
                waiting.Found.TrySetResult(line);
                _waiting.Remove(waiting);
            }
        }
    }

    /// <summary>The first line that is wanted, from the first one on.</summary>
    public Task<string> Line(Func<string, bool> wanted)
    {
        lock (_lock)
        {
            if (_lines.FirstOrDefault(wanted) is { } there)
            {
                return Task.FromResult(there);
            }

            var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_closed.Task.IsCompleted)
            {
                found.SetException(new EndOfStreamException("The process wrote no such line."));
            }
            else
            {
                _waiting.Add((wanted, found));
            }

            return found.Task;
        }
    }
}
