namespace Latecomer.Node.Cli;

/// <summary>Ends a command with one sentence for people and an exit code; the command line prints it without a stack.</summary>
internal sealed class Refusal : Exception
{
    /// <summary>Refuses with a sentence.</summary>
    public Refusal(int exitCode, string sentence)
        : base(sentence) => Code = exitCode;

    /// <summary>Refuses with a sentence, because of <paramref name="inner"/>.</summary>
    public Refusal(int exitCode, string sentence, Exception inner)
        : base(sentence, inner) => Code = exitCode;

    /// <summary>The exit code.</summary>
    public int Code { get; }

    /// <summary>Whether what was asked for is not there.</summary>
    public bool IsMissing { get; init; }

    /// <summary>Whether it may be different a little later, or at another node.</summary>
    public bool MayPass { get; init; }
}
