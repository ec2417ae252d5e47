using System.Buffers;
using System.Runtime.InteropServices;

namespace Latecomer.Parquet.Compression;

/// <summary>Compresses and decompresses Zstandard frames by the system's libzstd, which is loaded when the first page needs it.</summary>
internal static class Zstandard
{
    /// <summary>ZSTD_error_dstSize_tooSmall.</summary>
    private const int OutputTooSmall = 70;

    /// <summary>The library's own default.</summary>
    private const int Level = 3;

    private static readonly string[] Names = ["libzstd.so.1", "libzstd.so", "libzstd.1.dylib", "libzstd.dll"];
    private static readonly Lazy<Functions?> Library = new(() => Load(Names));

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate nuint DecompressFunction(ref byte output, nuint capacity, ref readonly byte input, nuint length);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate nuint CompressFunction(ref byte output, nuint capacity, ref readonly byte input, nuint length, int level);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate nuint CompressBoundFunction(nuint length);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate uint IsErrorFunction(nuint code);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int ErrorCodeFunction(nuint code);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate nint ErrorNameFunction(nuint code);

    /// <summary>Refuses a codec whose library is not there.</summary>
    public static void Require() => Loaded();

    /// <summary>Compresses to a frame in an array rented from the shared pool.</summary>
    public static (byte[] Rented, int Length) Compress(ReadOnlySpan<byte> page)
    {
        var functions = Loaded();
        var rented = ArrayPool<byte>.Shared.Rent(checked((int)functions.CompressBound((nuint)page.Length)));
        var written = functions.Compress(ref rented[0], (nuint)rented.Length, in MemoryMarshal.GetReference(page), (nuint)page.Length, Level);
        if (functions.IsError(written) != 0)
        {
            ArrayPool<byte>.Shared.Return(rented);
            throw new InvalidOperationException($"A page of {page.Length} bytes cannot be compressed: {functions.Explain(written)}.");
        }

        return (rented, (int)written);
    }

    /// <summary>Says how many bytes there are; null if they are more than <paramref name="output"/> takes.</summary>
    public static int? Decompress(ReadOnlySpan<byte> input, Span<byte> output)
    {
        var functions = Loaded();
        var written = functions.Decompress(
            ref MemoryMarshal.GetReference(output), (nuint)output.Length, in MemoryMarshal.GetReference(input), (nuint)input.Length);
        if (functions.IsError(written) == 0)
        {
            return (int)written;
        }

        return functions.ErrorCode(written) == OutputTooSmall
            ? null
            : throw ParquetException.Corrupt($"A Zstandard frame cannot be decompressed: {functions.Explain(written)}.");
    }

    /// <summary>Refuses the codec unless one of these libraries is there.</summary>
    internal static void Require(params IReadOnlyList<string> names) => _ = Load(names) ?? throw Missing();

    private static Functions Loaded() => Library.Value ?? throw Missing();

    private static ParquetException Missing() => ParquetException.Unsupported(
        "Compression by Zstandard needs libzstd, which is not installed: install the package libzstd1 (Debian, Ubuntu), libzstd (Fedora, Alpine) or zstd (Homebrew).");

    private static Functions? Load(IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, out var library))
            {
                return new Functions(
                    Bind<DecompressFunction>(library, "ZSTD_decompress"),
                    Bind<CompressFunction>(library, "ZSTD_compress"),
                    Bind<CompressBoundFunction>(library, "ZSTD_compressBound"),
                    Bind<IsErrorFunction>(library, "ZSTD_isError"),
                    Bind<ErrorCodeFunction>(library, "ZSTD_getErrorCode"),
                    Bind<ErrorNameFunction>(library, "ZSTD_getErrorName"));
            }
        }

        return null;
    }

    private static T Bind<T>(nint library, string name)
        where T : Delegate => Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(library, name));

    private sealed record Functions(
        DecompressFunction Decompress,
        CompressFunction Compress,
        CompressBoundFunction CompressBound,
        IsErrorFunction IsError,
        ErrorCodeFunction ErrorCode,
        ErrorNameFunction ErrorName)
    {
        public string? Explain(nuint code) => Marshal.PtrToStringUTF8(ErrorName(code));
    }
}
