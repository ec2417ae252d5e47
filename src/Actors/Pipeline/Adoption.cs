using System.Collections.Immutable;
using Latecomer.Contracts;
using Latecomer.Runtime;

namespace Latecomer.Actors;

/// <summary>What was processed elsewhere and is being taken over. First all dates are asked, then all are told: nothing is taken over if one cannot be.</summary>
/// <param name="Number">Its number among the pipeline's.</param>
/// <param name="Request">Who asked for it.</param>
/// <param name="DryRun">Whether what dates answer is all that is wanted.</param>
/// <param name="Through">The last date; null while the table of states was not read.</param>
/// <param name="Pin">At which version of each input; as the table of states says, if there is one.</param>
/// <param name="StateTable">The table of states.</param>
/// <param name="Versions">What it said.</param>
/// <param name="Step">How far it is.</param>
/// <param name="Unsynced">The inputs of which not all changes are known yet.</param>
/// <param name="Next">The next date to be asked, or told; null when all were.</param>
/// <param name="Unanswered">How many were and have not answered.</param>
/// <param name="Adopted">How many do not count as processed yet, of those that have answered.</param>
/// <param name="Late">How many of these are late.</param>
public sealed record Adoption(
    long Number, RequestId Request, bool DryRun, LogicalDate? Through, Pin Pin, TablePath? StateTable, AdoptedVersions? Versions, AdoptionStep Step,
    ImmutableArray<TablePath> Unsynced, LogicalDate? Next, int Unanswered, long Adopted, long Late)
{
    /// <summary>How many dates may be taken over at a time.</summary>
    public const int MostDates = 100_000;

    /// <summary>The dates from one on, each with what was processed.</summary>
    public IEnumerable<(LogicalDate Date, Pin Pin)> From(LogicalDate date, PipelineDefinition definition) => Versions is null
        ? new DateRange(date, Through!.Value).Dates(definition.Schedule).Select(d => (d, Pin))
        : Versions.Dates(definition.Schedule).Where(v => v.Date >= date)
            .Select(v => (v.Date, Pin.With(definition.Primary.Table, Pin.Tables[definition.Primary.Table] with { Version = v.Version })));

    /// <summary>The first date.</summary>
    public LogicalDate First(PipelineDefinition definition) => Versions?.From ?? definition.Start;

    /// <summary>With the answer of a date.</summary>
    public Adoption With(bool isNew, bool isLate) =>
        this with { Unanswered = Unanswered - 1, Adopted = Adopted + (isNew ? 1 : 0), Late = Late + (isLate ? 1 : 0) };
}

/// <summary>The steps of an adoption, in order.</summary>
public enum AdoptionStep
{
    /// <summary>What the inputs hold is being passed on to the dates.</summary>
    Starting,

    /// <summary>The table of states is being read.</summary>
    Reading,

    /// <summary>What has changed is being made known.</summary>
    Syncing,

    /// <summary>Dates are asked whether they can be taken over.</summary>
    Asking,

    /// <summary>Dates are told that they are.</summary>
    Telling,
}

/// <summary>At which version each date of a table of states was processed, in few bytes: runs of dates of the same version, as variable-length numbers.</summary>
/// <param name="From">The first date.</param>
/// <param name="Runs">Pairs of a number of dates, and 0 for dates that were not processed, or one more than by how much the version differs from the last.</param>
public sealed record AdoptedVersions(LogicalDate From, byte[] Runs)
{
    /// <summary>How long it may be: it is part of a state.</summary>
    public const int MostBytes = 24 * 1024;

    /// <summary>Writes them down.</summary>
    /// <param name="versions">The version of each date, at least one, ascending by date.</param>
    /// <param name="schedule">The schedule that the dates lie on.</param>
    public static AdoptedVersions Of(IReadOnlyList<(LogicalDate Date, long Version)> versions, Schedule schedule)
    {
        var bytes = new List<byte>();
        var last = 0L;
        for (var i = 0; i < versions.Count;)
        {
            var (date, version) = versions[i];
            var gap = i == 0 ? 0 : schedule.Distance(versions[i - 1].Date, date) - 1;
            if (gap > 0)
            {
                Write(bytes, (ulong)gap);
                Write(bytes, 0);
            }

            var count = 1;
            while (i + count < versions.Count && versions[i + count].Version == version && schedule.Shift(date, count) == versions[i + count].Date)
            {
                count++;
            }

            var step = version - last;
            Write(bytes, (ulong)count);
            Write(bytes, (ulong)((step << 1) ^ (step >> 63)) + 1);
            (last, i) = (version, i + count);
        }

        return new AdoptedVersions(versions[0].Date, [.. bytes]);
    }

    /// <summary>The dates that were processed, ascending, each with its version.</summary>
    public IEnumerable<(LogicalDate Date, long Version)> Dates(Schedule schedule)
    {
        var (date, version, at) = (From, 0L, 0);
        while (at < Runs.Length)
        {
            var (count, code) = ((int)Read(ref at), Read(ref at));
            if (code == 0)
            {
                date = schedule.Shift(date, count);
                continue;
            }

            version += (long)((code - 1) >> 1) ^ -(long)((code - 1) & 1);
            for (; count > 0; count--)
            {
                yield return (date, version);
                date = schedule.Next(date);
            }
        }
    }

    private static void Write(List<byte> bytes, ulong number)
    {
        for (; number >= 0x80; number >>= 7)
        {
            bytes.Add((byte)(number | 0x80));
        }

        bytes.Add((byte)number);
    }

    private ulong Read(ref int at)
    {
        var number = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = Runs[at++];
            number |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return number;
            }
        }
    }
}

/// <summary>Reads which dates were processed at which version, as a table of states says, and checks that it says only what can be.</summary>
/// <param name="Table">The table of states.</param>
/// <param name="Definition">The pipeline that is to take over.</param>
public sealed record ReadStateTable(TablePath Table, PipelineDefinition Definition)
{
    /// <summary>The activity's kind.</summary>
    public const string Kind = "read_state_table";
}

/// <summary>What a table of states says.</summary>
/// <param name="Fault">What is wrong with it, for people; null if nothing is.</param>
/// <param name="Versions">The dates and their versions; null if there is a fault.</param>
public sealed record StateTableRead(string? Fault, AdoptedVersions? Versions);
