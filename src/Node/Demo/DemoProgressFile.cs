namespace Latecomer.Node.Demo;

/// <summary>The progress of the demo that this process plays.</summary>
internal sealed class DemoProgressFile(string path, DemoProgress progress)
{
    private readonly Lock _lock = new();

    /// <summary>The progress, as it is kept.</summary>
    public DemoProgress Progress { get; private set; } = progress;

    /// <summary>Keeps a change before anything goes on.</summary>
    public void Update(Func<DemoProgress, DemoProgress> change)
    {
        lock (_lock)
        {
            var changed = change(Progress);
            changed.Write(path);
            Progress = changed;
        }
    }
}
