using Latecomer.Node.Protocol;

namespace Latecomer.Node.Demo;

/// <summary>How long runs took, and how much of that no work ran.</summary>
/// <param name="Whole">From the first mark to the last task's end.</param>
/// <param name="Idle">The part of it in which no work of any run was under way.</param>
internal readonly record struct Overhead(TimeSpan Whole, TimeSpan Idle)
{
    /// <summary>Measures ended runs.</summary>
    public static Overhead Of(IReadOnlyCollection<Run> runs, string workTask)
    {
        var tasks = runs.SelectMany(r => r.Tasks).Where(t => t.StartTime is not null && t.EndTime is not null).ToList();
        var whole = tasks.Max(t => t.EndTime.ToDateTime()) - tasks.Min(t => t.StartTime.ToDateTime());
        var (busy, until) = (TimeSpan.Zero, DateTime.MinValue);
        foreach (var work in tasks.Where(t => t.TaskId == workTask).OrderBy(t => t.StartTime.ToDateTime()))
        {
            var (from, to) = (work.StartTime.ToDateTime(), work.EndTime.ToDateTime());
            if (to > until)
            {
                busy += to - (from > until ? from : until);
                until = to;
            }
        }

        return new Overhead(whole, whole - busy);
    }
}
