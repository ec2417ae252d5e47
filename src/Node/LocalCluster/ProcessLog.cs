namespace Latecomer.Node.LocalCluster;

/// <summary>What a process prints, in a file that it is added to while others read it.</summary>
internal static class ProcessLog
{
    /// <summary>How long the file is; 0 if there is none.</summary>
    public static long Length(string file) => new FileInfo(file) is { Exists: true, Length: var length } ? length : 0;

    /// <summary>What was added after a position.</summary>
    public static async Task<string> After(string file, long position)
    {
        if (Length(file) <= position)
        {
            return "";
        }

        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Position = position;
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}
