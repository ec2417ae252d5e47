using System.Diagnostics;
using Latecomer.DeltaLog;
using Latecomer.Parquet;

namespace Latecomer.Tests.Fuzz;

/// <summary>Reads inputs one after the other and holds each to its bounds: it ends with an error class or an answer (where it must, with the right one), in a second of
/// processor time, in memory that follows its size. For one run in a process at a time, because time and memory are the process's.</summary>
internal sealed class FuzzRun(IFuzzTarget target, ulong seed)
{
    /// <summary>Memory that an input may take, however small it is.</summary>
    public const long AllowedBytes = 64L * 1024 * 1024;

    /// <summary>Memory that it may take besides for each of its bytes.</summary>
    public const int AllowedBytesPerByte = 10;

    private static readonly TimeSpan AllowedTime = TimeSpan.FromSeconds(1);

    /// <summary>Tells where the inputs of numbers lie: far from each other.</summary>
    private const ulong Stride = 0xD1B54A32D192ED03;

    private readonly Lock gate = new();
    private long current = -1;
    private TimeSpan began;

    /// <summary>What came of it; grows while this runs.</summary>
    public FuzzReport Report { get; } = new();

    /// <summary>Is told the number of each input before it is read.</summary>
    public Action<long>? Before { get; init; }

    /// <summary>Makes the input of a number.</summary>
    public FuzzInput Make(long number) => target.Make(new SeededRandom(new SeededRandom(seed ^ ((ulong)number * Stride)).Next()));

    /// <summary>Runs inputs, and stops early when one hangs: that one is named too.</summary>
    public void Run(long first, long count, TimeSpan? atMost = null)
    {
        var clock = Stopwatch.StartNew();
        var worker = new Thread(() =>
        {
            for (var number = first; number < first + count && (atMost is null || clock.Elapsed < atMost); number++)
            {
                RunOne(number);
            }
        })
        {
            IsBackground = true,
        };
        worker.Start();
        while (!worker.Join(TimeSpan.FromSeconds(1)))
        {
            if (Hanging() is { } number)
            {
                Report.Fail(number, "hangs: it was given up after many times its second");
                break;
            }
        }

        Report.Elapsed = clock.Elapsed;
    }

    /// <summary>Reads one input.</summary>
    public void RunOne(long number)
    {
        Before?.Invoke(number);
        var input = Make(number);
        var (expected, isSound) = (Expected(input), input.IsSound());
        var (outcome, time, allocated) = Measure(number, input);
        if (time > AllowedTime)
        {
            // The first time, it may have been compiled meanwhile.
            (outcome, time, allocated) = Measure(number, input);
        }

        var allowed = AllowedBytes + (AllowedBytesPerByte * input.Bytes) - input.PooledBytes;
        if (allocated > allowed)
        {
            allocated = PeakMemory.Of(() => Outcome.Of(input.Read));
        }

        Report.Add(number, input, outcome, isSound, time, allocated, expected);
        if (time > AllowedTime)
        {
            Report.Fail(number, $"takes {time.TotalSeconds:F2} s of processor time ({input.What})");
        }

        if (allocated > allowed)
        {
            Report.Fail(number, $"holds {allocated} bytes of memory at a time, besides {input.PooledBytes} of pools, where {allowed} are allowed ({input.What})");
        }
    }

    private (Outcome Outcome, TimeSpan Time, long Allocated) Measure(long number, FuzzInput input)
    {
        var (time, allocated) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes());
        lock (gate)
        {
            (current, began) = (number, time);
        }

        var outcome = Outcome.Of(input.Read);
        lock (gate)
        {
            current = -1;
        }

        return (outcome, Environment.CpuUsage.TotalTime - time, GC.GetTotalAllocatedBytes() - allocated);
    }

    private static ulong? Expected(FuzzInput input)
    {
        try
        {
            return input.Expected();
        }
        catch (Exception error) when (error is ParquetException or DeltaException)
        {
            return null;
        }
    }

    /// <summary>The input that is read for far too long by now.</summary>
    private long? Hanging()
    {
        lock (gate)
        {
            return current >= 0 && Environment.CpuUsage.TotalTime - began > 10 * AllowedTime ? current : null;
        }
    }
}
