using Latecomer.DeltaLog;

namespace Latecomer.Tests.Unit.DeltaLog;

public sealed class LocalDataFileStoreFacts : IDisposable
{
    private readonly TemporaryTable _table = new();

    public void Dispose() => _table.Dispose();

    [Theory]
    [InlineData("gone.parquet")]
    [InlineData("gone/gone.parquet")]
    [InlineData("")]
    [InlineData("_delta_log")]
    [InlineData("a\0b")]
    public Task What_names_no_file_is_not_found(string path) => IsNotFound(path);

    [Fact]
    public Task A_path_longer_than_any_is_not_found() => IsNotFound(new string('x', 5_000));

    private async Task IsNotFound(string path)
    {
        Directory.CreateDirectory(_table.LogFolder);
        await Should.ThrowAsync<FileNotFoundException>(async () => await new LocalDataFileStore(_table.Folder).Open(path));
    }
}
