namespace Latecomer.Node.Cli;

/// <summary>The lines that were typed, over sessions. What may hold a secret, or begins with a space, is not kept.</summary>
internal sealed class History
{
    private const int Most = 1000;
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly string[] Secrets = ["--token", "--store", "password", "secret"];

    private readonly string? _file;
    private readonly List<string> _lines = [];
    private string _typed = "";
    private int _at;

    /// <summary>Reads what was kept.</summary>
    /// <param name="file">Where lines are kept; null for nowhere.</param>
    public History(string? file)
    {
        _file = file;
        if (file is not null && File.Exists(file))
        {
            _lines.AddRange(File.ReadAllLines(file).TakeLast(Most));
        }

        Rewind();
    }

    /// <summary>All of them, oldest first.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>The file of whoever runs this.</summary>
    public static string FileOf(Func<string, string?> environment)
    {
        var state = environment("XDG_STATE_HOME") is { Length: > 0 } folder && Path.IsPathRooted(folder)
            ? folder
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
        return Path.Combine(state, "latecomer", "history");
    }

    /// <summary>Takes a line, unless it is the last one again.</summary>
    public void Add(string line)
    {
        if (line.Length == 0 || line[0] == ' ' || Secrets.Any(s => line.Contains(s, StringComparison.OrdinalIgnoreCase)) || (_lines.Count > 0 && _lines[^1] == line))
        {
            return;
        }

        _lines.Add(line);
        try
        {
            Keep();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A session is worth more than its history.
        }
    }

    /// <summary>Begins behind the last line.</summary>
    public void Rewind() => (_at, _typed) = (_lines.Count, "");

    /// <summary>The line before; null if there is none.</summary>
    /// <param name="typed">What is typed now, to come back to.</param>
    public string? Before(string typed)
    {
        if (_at == 0)
        {
            return null;
        }

        _typed = _at == _lines.Count ? typed : _typed;
        return _lines[--_at];
    }

    /// <summary>The line after, at last what was typed; null if there is none.</summary>
    public string? After() => _at == _lines.Count ? null : ++_at == _lines.Count ? _typed : _lines[_at];

    private void Keep()
    {
        if (_file is null)
        {
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnersFile;
        }

        // Whole or not at all; of two sessions at a time the last one to write counts.
        var unfinished = $"{_file}.{Environment.ProcessId}.unfinished";
        using (var writer = new StreamWriter(unfinished, options))
        {
            foreach (var line in _lines.TakeLast(Most))
            {
                writer.WriteLine(line);
            }
        }

        File.Move(unfinished, _file, overwrite: true);
    }
}
