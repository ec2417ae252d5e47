using Latecomer.Activities;
using Latecomer.Actors;
using Latecomer.Tests.Testing;
using static Latecomer.Tests.Unit.Activities.TemporaryDataset;

namespace Latecomer.Tests.Unit.Activities;

public sealed class AwaitCommitFacts : IDisposable
{
    private readonly TemporaryDataset _dataset = new();
    private readonly FakeClock _clock = new();

    public void Dispose() => _dataset.Dispose();

    [Fact]
    public async Task A_version_that_is_there_ends_the_wait_at_once()
    {
        await _dataset.Created();

        await Wait(-1);
        _clock.NextTimer.ShouldBeNull();
    }

    [Fact]
    public async Task The_wait_ends_with_the_next_version()
    {
        await _dataset.Created();
        var wait = Wait(0);
        Look();
        wait.IsCompleted.ShouldBeFalse();

        await _dataset.Append("2001-05-01");
        Look();
        await wait;
    }

    [Fact]
    public async Task A_version_that_goes_away_ends_the_wait()
    {
        await _dataset.Created();
        var wait = Wait(0);
        Look();
        Directory.Delete(_dataset.Folder.FolderOf(Clicks), recursive: true);
        Look();
        await wait;
    }

    [Fact]
    public async Task A_version_that_is_gone_from_the_start_makes_no_busy_loop()
    {
        var begun = _clock.GetUtcNow();
        var wait = Wait(5);
        while (!wait.IsCompleted)
        {
            Look();
        }

        await wait;
        (_clock.GetUtcNow() - begun).ShouldBeGreaterThanOrEqualTo(AwaitCommitHandler.LookWithoutVersion);
    }

    [Fact]
    public async Task The_wait_can_be_cancelled()
    {
        await _dataset.Created();
        using var stop = new CancellationTokenSource();
        var wait = Run(new AwaitCommitHandler(_dataset.Folder, _clock), new AwaitCommit(Clicks, 0), stop.Token);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(wait);
    }

    private Task<Done> Wait(long after) => Run(new AwaitCommitHandler(_dataset.Folder, _clock), new AwaitCommit(Clicks, after));

    private void Look() => _clock.Advance(AwaitCommitHandler.LookEvery);
}
