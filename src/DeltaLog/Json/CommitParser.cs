using System.Security.Cryptography;

namespace Latecomer.DeltaLog;

/// <summary>Bytes of a commit file to its actions (PROTOCOL.md, "Delta Log Entries").</summary>
internal static class CommitParser
{
    internal static Commit Parse(string location, long version, ReadOnlySpan<byte> bytes, ActionDetail detail, PartitionValuesCache? partitions = null)
    {
        var parsed = new ParsedActions(partitions);
        ActionParser.Parse(new ActionFile(location, LogFile.CommitName(version), "commit", DeltaErrorClass.CorruptCommit), bytes, detail, parsed);
        return new Commit(version, parsed.Actions, parsed.Lines, parsed.CdcFiles);
    }

    internal static string Fingerprint(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return Convert.ToHexStringLower(hash[..16]);
    }
}
