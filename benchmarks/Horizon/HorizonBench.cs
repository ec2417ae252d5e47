using System.Globalization;
using Latecomer.Tests.Testing.Postgres;

namespace Latecomer.Benchmarks.Horizon;

/// <summary>Turns while a transaction of somebody else holds the horizon, so that nothing that was deleted can be cleaned up; beside the same without it, in turns.</summary>
internal static class HorizonBench
{
    internal static async Task Run(int windows, double seconds)
    {
        await using var heldServer = await PostgresServer.Start(durable: true);
        await using var freeServer = await PostgresServer.Start(durable: true);
        await using var held = await HorizonSide.Start(heldServer.ConnectionString);
        await using var free = await HorizonSide.Start(freeServer.ConnectionString);
        Console.WriteLine($"{Machine.Describe()}; two PostgreSQL of their own, synchronous_commit=on, fsync=on, autovacuum every 10 s; one node on each");
        Write($"{HorizonSide.InFlight} marks in flight; each line {seconds:F0} s on the one and then on the other");
        Write($"{"",-16}{"held: turns",14}{"dead mail",11}{"marks/s",9}{"us/mark",9}{"p99 ms",8}{"poll ms",9}   {"free: turns",12}{"dead mail",11}{"marks/s",9}{"us/mark",9}{"p99 ms",8}{"poll ms",9}{"marks/s",10}{"us/mark",9}");
        await Measure("before", held, free, seconds);
        var holder = await held.HoldHorizon();
        await using (holder)
        {
            for (var window = 1; window <= windows; window++)
            {
                await Measure($"held {window}", held, free, seconds);
            }
        }

        await held.Vacuum();
        await free.Vacuum();
        await Measure("released", held, free, seconds);
        await Measure("later", held, free, seconds);
    }

    private static async Task Measure(string when, HorizonSide held, HorizonSide free, double seconds)
    {
        var (h, f) = (await held.Ask(seconds), await free.Ask(seconds));
        Write($"{when,-16}{h.TurnsSoFar,14:N0}{h.DeadMail,11:N0}{h.MarksPerSecond,9:F0}{h.PerMark * 1e6,9:F0}{h.P99,8:F1}{h.Poll,9:F2}   {f.TurnsSoFar,12:N0}{f.DeadMail,11:N0}{f.MarksPerSecond,9:F0}{f.PerMark * 1e6,9:F0}{f.P99,8:F1}{f.Poll,9:F2}{h.MarksPerSecond / f.MarksPerSecond,10:F2}{h.PerMark / f.PerMark,9:F2}");
    }

    private static void Write(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
