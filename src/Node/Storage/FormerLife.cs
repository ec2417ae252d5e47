using System.Diagnostics;
using Latecomer.Runtime;

namespace Latecomer.Node.Storage;

/// <summary>Which life a node lived last, in the folder that no two processes have open under its name: whoever has it knows that this life is over, however it
/// ended, and need not wait until the others believe it. What the file says wrongly costs that waiting, and nothing else: safety rests on leases.</summary>
/// <param name="folder">The node's own.</param>
internal sealed class FormerLife(string folder)
{
    private readonly string _file = Path.Combine(folder, "incarnation");

    /// <summary>The life before; null if none is known.</summary>
    public Incarnation? Read()
    {
        try
        {
            return Guid.TryParse(File.ReadAllText(_file), out var life) ? new Incarnation(life) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Notes the life that begins; where that cannot be written, the next one waits.</summary>
    public void TryWrite(Guid life)
    {
        try
        {
            var unfinished = _file + ".unfinished";
            File.WriteAllText(unfinished, life.ToString());
            File.Move(unfinished, _file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Debug.WriteLine(e.Message);
        }
    }
}
