namespace Latecomer.Node.Cli;

/// <summary>Finds the names that a command line may go on with.</summary>
internal interface INameSource
{
    /// <summary>Names of a kind (<see cref="Names"/>); none when they cannot be had quickly.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="line">The line so far: dates are those of its pipeline.</param>
    /// <param name="cancellation">Ends the search.</param>
    Task<IReadOnlyList<Candidate>> Find(string kind, PartialLine line, CancellationToken cancellation);
}
