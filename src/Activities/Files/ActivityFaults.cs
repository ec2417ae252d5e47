using System.ComponentModel;
using Latecomer.DeltaLog;
using Latecomer.Runtime;

namespace Latecomer.Activities;

/// <summary>Turns what goes wrong with disks and tables into the sentence that an activity fails with.</summary>
internal static class ActivityFaults
{
    private const int NoSpace = 28;
    private const int ReadOnly = 30;
    private const int QuotaExceeded = 122;

    /// <summary>Does something that touches files; <paramref name="what"/> begins the sentence: <c>The log of clicks could not be read</c>.</summary>
    /// <exception cref="ActivityFailedException">It failed.</exception>
    internal static async Task<T> Explain<T>(string what, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception fault) when (Reason(fault) is { } reason)
        {
            throw new ActivityFailedException($"{what}: {reason}", fault);
        }
    }

    /// <summary>Why, for people; null for what is no such fault.</summary>
    internal static string? Reason(Exception fault) => fault switch
    {
        DeltaException => fault.Message,
        UnauthorizedAccessException => $"{fault.Message} Check the permissions of the folder and the user that the node runs as.",
        IOException { HResult: NoSpace } => $"the disk is full. Free some space, then try again. ({fault.Message})",
        IOException { HResult: QuotaExceeded } => $"the disk quota is used up. Free some space, then try again. ({fault.Message})",
        IOException { HResult: ReadOnly } => $"the file system is read-only. Make it writable, then try again. ({fault.Message})",
        IOException => fault.Message,
        Win32Exception => $"{fault.Message}.",
        _ => null,
    };
}
