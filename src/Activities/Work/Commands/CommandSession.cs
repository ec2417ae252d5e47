namespace Latecomer.Activities;

/// <summary>Ends all processes of a command.</summary>
internal sealed class CommandSession(string key, CommandSettings settings, TimeProvider time)
{
    /// <summary>Processes are looked at one by one: one that ends right after it made another may hide that from one look.</summary>
    private const int EmptyLooksNeeded = 2;

    private readonly string _mark = $"{CommandLine.KeyVariable}={key}";

    /// <summary>Asks the processes of a session to end, kills those that have not after the grace, and returns when none is left. It does not give up: the
    /// partition is held for as long as one of them may write.</summary>
    internal async Task End(ProcessRecord leader)
    {
        var begun = time.GetTimestamp();
        var isAsked = false;
        var look = settings.LookFirst;
        var emptyLooks = 0;
        while (emptyLooks < EmptyLooksNeeded)
        {
            var left = ProcessTable.SessionOf(leader, _mark);
            if (left.Count == 0)
            {
                emptyLooks++;
                continue;
            }

            emptyLooks = 0;
            var isKill = time.GetElapsedTime(begun) >= settings.Grace;
            if (isKill || !isAsked)
            {
                foreach (var process in left)
                {
                    ProcessTable.Signal(process, isKill ? ProcessTable.Kill : ProcessTable.Terminate);
                }

                isAsked = true;
            }

            await Task.Delay(look, time, CancellationToken.None);
            look = settings.Longer(look);
        }
    }
}
