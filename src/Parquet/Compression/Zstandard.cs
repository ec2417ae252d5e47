using System.Runtime.InteropServices;

namespace Latecomer.Parquet.Compression;

/// <summary>Decompresses Zstandard frames by the system's libzstd, which is loaded when the first page needs it.</summary>
internal static class Zstandard
{
    /// <summary>ZSTD_error_dstSize_tooSmall.</summary>
    private const int OutputTooSmall = 70;

    private static readonly string[] Names = ["libzstd.so.1", "libzstd.so", "libzstd.1.dylib", "libzstd.dll"];
    private static readonly Lazy<Functions?> Library = new(Load);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate nuint DecompressFunction(ref byte output, nuint capacity, ref readonly byte input, nuint length);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate uint IsErrorFunction(nuint code);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int ErrorCodeFunction(nuint code);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate nint ErrorNameFunction(nuint code);

    /// <summary>Says how many bytes there are; null if they are more than <paramref name="output"/> takes.</summary>
    public static int? Decompress(ReadOnlySpan<byte> input, Span<byte> output)
    {
        var functions = Library.Value ?? throw ParquetException.Unsupported(
            "The file is compressed by Zstandard, and libzstd is not installed: install the package libzstd1 (Debian, Ubuntu), libzstd (Fedora, Alpine) or zstd (Homebrew).");
        var written = functions.Decompress(
            ref MemoryMarshal.GetReference(output), (nuint)output.Length, in MemoryMarshal.GetReference(input), (nuint)input.Length);
        if (functions.IsError(written) == 0)
        {
            return (int)written;
        }

        return functions.ErrorCode(written) == OutputTooSmall
            ? null
            : throw ParquetException.Corrupt($"A Zstandard frame cannot be decompressed: {Marshal.PtrToStringUTF8(functions.ErrorName(written))}.");
    }

    private static Functions? Load()
    {
        foreach (var name in Names)
        {
            if (NativeLibrary.TryLoad(name, out var library))
            {
                return new Functions(
                    Bind<DecompressFunction>(library, "ZSTD_decompress"),
                    Bind<IsErrorFunction>(library, "ZSTD_isError"),
                    Bind<ErrorCodeFunction>(library, "ZSTD_getErrorCode"),
                    Bind<ErrorNameFunction>(library, "ZSTD_getErrorName"));
            }
        }

        return null;
    }

    private static T Bind<T>(nint library, string name)
        where T : Delegate => Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(library, name));

    private sealed record Functions(DecompressFunction Decompress, IsErrorFunction IsError, ErrorCodeFunction ErrorCode, ErrorNameFunction ErrorName);
}
