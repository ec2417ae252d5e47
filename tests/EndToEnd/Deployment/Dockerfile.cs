using System.Text.Json;
using System.Text.RegularExpressions;
using Latecomer.Tests.EndToEnd.Harness;

namespace Latecomer.Tests.EndToEnd.Deployment;

/// <summary>An instruction of a Dockerfile: its word, and the rest of its line.</summary>
internal sealed record Instruction(string Word, string Rest)
{
    /// <summary>The arguments: those of the JSON form, else the words.</summary>
    public IReadOnlyList<string> Arguments => IsJson ? JsonSerializer.Deserialize<string[]>(Rest)! : [.. Rest.Split(' ', StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>Whether it is in the JSON form, which no shell reads.</summary>
    public bool IsJson => Rest.StartsWith('[');
}

/// <summary>A stage of a Dockerfile, from its FROM on.</summary>
internal sealed record Stage(string Image, string? Name, IReadOnlyList<Instruction> Instructions)
{
    /// <summary>The last instruction of a word.</summary>
    public Instruction Last(string word) => Instructions.Last(i => i.Word == word);
}

/// <summary>A Dockerfile, read as far as ours goes: one instruction a line.</summary>
internal sealed partial class Dockerfile
{
    private Dockerfile(IReadOnlyList<Stage> stages) => Stages = stages;

    /// <summary>The stages in order.</summary>
    public IReadOnlyList<Stage> Stages { get; }

    /// <summary>The image's Dockerfile.</summary>
    public static Dockerfile OfCheckout()
    {
        var stages = new List<Stage>();
        foreach (var line in File.ReadLines(BuiltProgram.FileOfCheckout("docker", "Dockerfile")).Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#'))
        {
            line.ShouldNotEndWith("\\");
            var instruction = new Instruction(line.Split(' ')[0], line[(line.IndexOf(' ') + 1)..]);
            if (instruction.Word == "FROM")
            {
                stages.Add(new Stage(instruction.Arguments[0], instruction.Arguments is [_, "AS", var name] ? name : null, new List<Instruction>()));
            }
            else
            {
                ((List<Instruction>)stages[^1].Instructions).Add(instruction);
            }
        }

        return new Dockerfile(stages);
    }

    /// <summary>Whether a path below the checkout reaches the build: what <c>.dockerignore</c> leaves, the last line that fits deciding.</summary>
    public static bool IsSent(string path)
    {
        var isSent = true;
        foreach (var line in File.ReadLines(BuiltProgram.FileOfCheckout(".dockerignore")).Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#'))
        {
            var pattern = line.TrimStart('!');
            var expression = $"^{Regex.Escape(pattern).Replace("\\*\\*/", "(.*/)?", StringComparison.Ordinal).Replace("\\*", "[^/]*", StringComparison.Ordinal)}(/.*)?$";
            if (Regex.IsMatch(path, expression, RegexOptions.NonBacktracking))
            {
                isSent = line[0] == '!';
            }
        }

        return isSent;
    }
}
