using System.Diagnostics;
using System.IO.MemoryMappedFiles;

namespace Latecomer.Tests.Nemesis;

/// <summary>The clock of one node's process, which may be off: between the process and the system's library stands one of ours, which adds to what it reads as the time of day
/// whatever a file says at that moment. Commands that the node runs have the right time. Where there is no compiler, nobody's clock is off.</summary>
internal sealed class SkewedClock : IDisposable
{
    private const string Source = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <fcntl.h>
        #include <stdlib.h>
        #include <sys/mman.h>
        #include <sys/time.h>
        #include <time.h>

        static volatile long long *seconds;

        __attribute__((constructor)) static void begin(void)
        {
            const char *path = getenv("NEMESIS_CLOCK");
            int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
            void *map = file < 0 ? MAP_FAILED : mmap(NULL, sizeof *seconds, PROT_READ, MAP_SHARED, file, 0);
            seconds = map == MAP_FAILED ? NULL : map;
            unsetenv("LD_PRELOAD");
            unsetenv("NEMESIS_CLOCK");
        }

        int clock_gettime(clockid_t clock, struct timespec *at)
        {
            static int (*real)(clockid_t, struct timespec *);
            if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
            int result = real(clock, at);
            if (!result && seconds && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) at->tv_sec += *seconds;
            return result;
        }

        int gettimeofday(struct timeval *at, void *zone)
        {
            struct timespec now;
            int result = clock_gettime(CLOCK_REALTIME, &now);
            at->tv_sec = now.tv_sec;
            at->tv_usec = now.tv_nsec / 1000;
            return result;
        }

        time_t time(time_t *at)
        {
            struct timespec now;
            clock_gettime(CLOCK_REALTIME, &now);
            if (at) *at = now.tv_sec;
            return now.tv_sec;
        }
        """;

    private readonly string _library;
    private readonly string _file;
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _seconds;

    private SkewedClock(string library, string file)
    {
        (_library, _file) = (library, file);
        _map = MemoryMappedFile.CreateFromFile(file, FileMode.Create, mapName: null, sizeof(long));
        _seconds = _map.CreateViewAccessor();
    }

    /// <summary>What a process gets that is to have this clock.</summary>
    public IEnumerable<KeyValuePair<string, string>> Environment => [new("LD_PRELOAD", _library), new("NEMESIS_CLOCK", _file)];

    /// <summary>Makes what lets clocks be off.</summary>
    /// <returns>The library; null where there is no compiler.</returns>
    public static async Task<string?> Compile(string folder)
    {
        var (source, library) = (Path.Combine(folder, "clock.c"), Path.Combine(folder, "clock.so"));
        await File.WriteAllTextAsync(source, Source);
        try
        {
            using var compiler = Process.Start("cc", ["-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"]);
            await compiler.WaitForExitAsync();
            return compiler.ExitCode == 0 ? library : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    public static SkewedClock Of(string library, string name) => new(library, Path.Combine(Path.GetDirectoryName(library)!, $"clock-{name}"));

    /// <summary>Puts the clock off by so much, at once, also of a process that runs.</summary>
    public void PutOff(TimeSpan by) => _seconds.Write(0, (long)by.TotalSeconds);

    public void Dispose()
    {
        _seconds.Dispose();
        _map.Dispose();
    }
}
