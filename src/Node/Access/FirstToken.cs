using System.Security.Cryptography;
using System.Text;
using Latecomer.Actors;
using Latecomer.Contracts;
using Latecomer.Node.Cli;
using Latecomer.Node.LocalCluster;
using Latecomer.Runtime;
using Microsoft.Extensions.Logging;

namespace Latecomer.Node.Access;

/// <summary>The token of the first admin: while no admin's token is good, a node that asks for tokens makes one and leaves it in the data folder, for whoever may read
/// that. The file comes first, so that no crash leaves a token that nobody knows; nodes that share the folder share the token.</summary>
internal sealed partial class FirstToken(string folder, RequestEdge edge, TokenBook book, ILogger logger)
{
    /// <summary>The file's name, in the folder of the state.</summary>
    public const string FileName = "admin.token";

    private const string Name = "first-admin";

    /// <summary>Makes it, if it is needed.</summary>
    /// <exception cref="Refusal">The file cannot be written or read.</exception>
    public async Task Provide(CancellationToken cancellation)
    {
        if (await book.HasAdmin(cancellation))
        {
            return;
        }

        var path = Path.Combine(folder, FileName);
        var hash = TokenHash.Of(ReadOrMake(path));
        var id = RequestId.Parse($"first-token/{hash.Id}");
        await edge.Ask(id, ActorIds.Access, new AccessMessage.Create(id, hash, TokenName.Parse(Name), AccessRole.Admin, ExpiresAt: null), cancellation);
        book.Forget();
        LogMade(logger, path);
    }

    private static string ReadOrMake(string path)
    {
        try
        {
            if (!File.Exists(path))
            {
                Make(path);
            }

            return File.ReadAllText(path).Trim() is { } token && TokenText.IsToken(token)
                ? token
                : throw new Refusal(ExitCode.FolderRefused, $"{path} holds no token: remove it, and the next start makes one.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new Refusal(ExitCode.FolderRefused, $"The first admin's token cannot be kept in {path}: {e.Message}", e);
        }
    }

    /// <summary>Whole or not at all; another node's, if that was first.</summary>
    private static void Make(string path)
    {
        var temporary = $"{path}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        SecretFile.Write(temporary, Encoding.UTF8.GetBytes($"{TokenText.Make()}\n"));
        try
        {
            File.Move(temporary, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(temporary);
        }
    }

    [LoggerMessage(EventId = 40, Level = LogLevel.Information, Message = "No admin's token is good: the one in {Path} is now. Make others with it ('latecomer tokens create'), then revoke it")]
    private static partial void LogMade(ILogger logger, string path);
}
