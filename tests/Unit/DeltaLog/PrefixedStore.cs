using Latecomer.DeltaLog;
using Latecomer.Parquet;

namespace Latecomer.Tests.Unit.DeltaLog;

/// <summary>Spark's own tests put something before the names of deletion vectors, and its descriptors do not say so; or they have a word for its folder.</summary>
internal sealed class PrefixedStore(string folder) : IDataFileStore
{
    private const string SpecialFolder = "file:{{FOLDER_WITH_SPECIAL_CHAR}}/";

    private readonly LocalDataFileStore _inner = new(folder);

    public ValueTask<IRandomAccessSource> Open(string path, CancellationToken cancellation = default) =>
        _inner.Open(Found(path.Replace(SpecialFolder, "folder&with%special char/", StringComparison.Ordinal)), cancellation);

    public ValueTask Put(string path, Func<Stream, CancellationToken, ValueTask> write, CancellationToken cancellation = default) => throw new NotSupportedException();

    public ValueTask Delete(string path, CancellationToken cancellation = default) => throw new NotSupportedException();

    private string Found(string path) => File.Exists(Path.Combine(folder, path)) ? path : $"test%dv%prefix-{path}";
}
