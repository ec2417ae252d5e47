namespace Latecomer.Runtime;

/// <summary>Lets idle actors leave memory and removes what was kept long enough, now and then, and slowly: turns come first.</summary>
internal sealed class HousekeepingLoop(NodeServices services, OwnedShards owned)
{
    /// <summary>After a piece that took some time, nothing is removed for so many times that.</summary>
    private const int RestPerPiece = 10;

    private readonly Housekeeping _housekeeping = new(services, owned);

    public async Task Run(CancellationToken cancellation)
    {
        while (true)
        {
            await Task.Delay(services.Settings.HousekeepingInterval, services.Time, cancellation);
            try
            {
                foreach (var processor in owned.Processors)
                {
                    await processor.Passivate();
                }

                await Remove(cancellation);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                services.Observer.Fault(services.Self, "keeping house", fault);
            }
        }
    }

    private async Task Remove(CancellationToken cancellation)
    {
        var removals = new Removals(0, 0, 0);
        try
        {
            foreach (var chore in await _housekeeping.Due(cancellation))
            {
                int piece;
                do
                {
                    var began = services.Time.GetTimestamp();
                    piece = await _housekeeping.Do(chore, cancellation);
                    removals = Add(removals, chore, piece);
                    var rest = services.Time.GetElapsedTime(began) * RestPerPiece;
                    await Task.Delay(rest < services.Settings.PollMax ? rest : services.Settings.PollMax, services.Time, cancellation);
                }
                while (piece == Housekeeping.PieceRows);
            }
        }
        finally
        {
            if (removals != new Removals(0, 0, 0))
            {
                services.Observer.Removed(services.Self, removals);
            }
        }
    }

    private static Removals Add(Removals sum, Chore chore, int piece) => chore switch
    {
        Chore.Replies => sum with { Replies = sum.Replies + piece },
        Chore.Journal => sum with { JournalEntries = sum.JournalEntries + piece },
        Chore.History => sum with { Rows = sum.Rows + piece },
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
