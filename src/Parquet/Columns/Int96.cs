using System.Runtime.InteropServices;

namespace Latecomer.Parquet;

/// <summary>A timestamp of old Spark and Impala: nanoseconds of a day, and the Julian day.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
public readonly record struct Int96(long NanosOfDay, int JulianDay)
{
    private const int JulianDayOfEpoch = 2_440_588;

    /// <summary>Days since 1970-01-01, before what <see cref="NanosOfDay"/> adds.</summary>
    public long EpochDay => (long)JulianDay - JulianDayOfEpoch;
}
