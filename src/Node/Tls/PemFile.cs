using Latecomer.Node.Cli;

namespace Latecomer.Node.Tls;

/// <summary>A file that somebody named.</summary>
/// <param name="Flag">By this flag, or what stands for it.</param>
/// <param name="Path">Where it is.</param>
internal sealed record PemFile(string Flag, string Path)
{
    /// <summary>What it says now.</summary>
    /// <exception cref="Refusal">It cannot be read.</exception>
    public string Text()
    {
        try
        {
            return File.ReadAllText(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Wrong($"cannot be read: {e.Message.TrimEnd('.')}.", e);
        }
    }

    /// <summary>The refusal of a file in which something is wrong.</summary>
    public Refusal Wrong(string sentence, Exception? because = null) => because is null
        ? new Refusal(ExitCode.Usage, $"{Flag}: {Path} {sentence}")
        : new Refusal(ExitCode.Usage, $"{Flag}: {Path} {sentence}", because);
}
