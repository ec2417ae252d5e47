using Latecomer.Tests.EndToEnd.Harness;

namespace Latecomer.Tests.EndToEnd.State;

/// <summary>States that builds of before left, with their tables, after the first five runs of the seed's day. What lies in <c>Golden</c> never changes;
/// <c>LATECOMER_WRITE_GOLDEN=NAME</c> adds what this build leaves, when a version is made.</summary>
internal static class GoldenState
{
    private const string BackupName = "state.backup";

    private static string Root => BuiltProgram.FileOfCheckout("tests", "EndToEnd", "State", "Golden");

    /// <summary>All of them, with whether they are of a database.</summary>
    public static TheoryData<string, bool> All()
    {
        var data = new TheoryData<string, bool>();
        foreach (var version in Directory.Exists(Root) ? Directory.GetDirectories(Root).Order(StringComparer.Ordinal).ToArray() : [])
        {
            data.Add($"{Path.GetFileName(version)}/sqlite", false);
            data.Add($"{Path.GetFileName(version)}/postgres", true);
        }

        return data;
    }

    /// <summary>Makes a state of one.</summary>
    public static async Task Copy(string golden, StateUnderTest state)
    {
        var folder = Path.Combine(Root, golden);
        CopyAll(Path.Combine(folder, "dataset"), Path.Combine(state.Data, "dataset"));
        (await state.Restore(Path.Combine(folder, BackupName))).Succeeded();
    }

    /// <summary>Adds one, when that is asked for.</summary>
    public static void Keep(StateUnderTest state)
    {
        if (Environment.GetEnvironmentVariable("LATECOMER_WRITE_GOLDEN") is { Length: > 1 } name)
        {
            var folder = Path.Combine(Root, name, state.IsShared ? "postgres" : "sqlite");
            Directory.CreateDirectory(folder);
            File.Copy(state.Backup, Path.Combine(folder, BackupName));
            CopyAll(Path.Combine(state.Data, "dataset"), Path.Combine(folder, "dataset"));
        }
    }

    private static void CopyAll(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
