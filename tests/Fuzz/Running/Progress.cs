using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Latecomer.Tests.Fuzz;

/// <summary>Notes in a file which input is read, for the case that it takes the process with it.</summary>
internal sealed class Progress : IDisposable
{
    private readonly SafeFileHandle? file;

    private Progress(SafeFileHandle? file) => this.file = file;

    /// <summary>The file is what <c>LATECOMER_FUZZ_AT</c> names; without it nothing is noted.</summary>
    public static Progress Open() => new(Environment.GetEnvironmentVariable("LATECOMER_FUZZ_AT") is { Length: > 0 } path
        ? File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.Read)
        : null);

    public void Note(long number)
    {
        if (file is not null)
        {
            RandomAccess.Write(file, Encoding.ASCII.GetBytes(number.ToString("D20", CultureInfo.InvariantCulture)), 0);
        }
    }

    public void Dispose() => file?.Dispose();
}
