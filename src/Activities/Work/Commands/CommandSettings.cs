namespace Latecomer.Activities;

/// <summary>How commands are waited for and stopped.</summary>
internal sealed record CommandSettings
{
    /// <summary>How long a command that is asked to end may take before it is killed.</summary>
    internal TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The shortest time between two looks whether it has ended.</summary>
    internal TimeSpan LookFirst { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>The longest.</summary>
    internal TimeSpan LookLast { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The time to the next look after one that came after <paramref name="look"/>.</summary>
    internal TimeSpan Longer(TimeSpan look) => look * 2 < LookLast ? look * 2 : LookLast;
}
