using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Latecomer.Node.LocalCluster;

/// <summary>The password of a cluster's database, in a file that only its owner can read: so it stands neither in a command line nor in what is printed, and
/// the connection string can be copied from there.</summary>
internal static class PostgresPassword
{
    /// <summary>The database's user.</summary>
    public const string User = "latecomer";

    /// <summary>The database.</summary>
    public const string Database = "latecomer";

    private const string FileName = "postgres.pass";

    /// <summary>Makes a new one.</summary>
    public static string Make(string state)
    {
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        SecretFile.Write(Path.Combine(state, FileName), Encoding.ASCII.GetBytes($"127.0.0.1:*:*:{User}:{password}\n"));
        return password;
    }

    /// <summary>Removes it.</summary>
    public static void Delete(string state) => File.Delete(Path.Combine(state, FileName));

    /// <summary>How a server on a port is reached, as Npgsql reads it.</summary>
    public static string ConnectionString(string state, int port)
    {
        var passwords = Path.Combine(state, FileName);
        var quoted = passwords.Any(c => c is ';' or '\'' or '"' or '=' or ' ') ? $"\"{passwords.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : passwords;
        return string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={port};Database={Database};Username={User};Passfile={quoted}");
    }
}
