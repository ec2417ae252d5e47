using System.Collections.Frozen;
using Google.Protobuf.Reflection;

namespace Latecomer.Grpc;

/// <summary>The <c>.proto</c> files of services, with all that these import, by what they declare.</summary>
internal sealed class ServedFiles
{
    private readonly FrozenDictionary<string, FileDescriptor> _byName;
    private readonly FrozenDictionary<string, FileDescriptor> _bySymbol;
    private readonly FrozenSet<string> _messages;

    /// <summary>Looks through the files of <paramref name="services"/>.</summary>
    public ServedFiles(IReadOnlyList<ServiceDescriptor> services)
    {
        Services = [.. services.OrderBy(s => s.FullName, StringComparer.Ordinal)];
        var files = services.SelectMany(s => WithImports(s.File)).Distinct().ToList();
        _byName = files.ToFrozenDictionary(f => f.Name, StringComparer.Ordinal);
        _bySymbol = files.SelectMany(f => Symbols(f).Select(s => (Symbol: s, File: f))).ToFrozenDictionary(s => s.Symbol, s => s.File, StringComparer.Ordinal);
        _messages = files.SelectMany(f => f.MessageTypes).SelectMany(WithNested).Select(m => m.FullName).ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>The services by name.</summary>
    public IReadOnlyList<ServiceDescriptor> Services { get; }

    /// <summary>The file of a name.</summary>
    public FileDescriptor? ByName(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The file that declares a service, method, message, field, enum or value.</summary>
    public FileDescriptor? BySymbol(string symbol) => _bySymbol.GetValueOrDefault(symbol);

    /// <summary>Whether it is the name of a message.</summary>
    public bool IsMessage(string name) => _messages.Contains(name);

    /// <summary>A file, and all that it imports, directly or not.</summary>
    public static IEnumerable<FileDescriptor> WithImports(FileDescriptor file) => file.Dependencies.SelectMany(WithImports).Prepend(file).Distinct();

    private static IEnumerable<string> Symbols(FileDescriptor file) =>
    [
        .. file.Services.SelectMany(s => s.Methods.Select(m => m.FullName).Prepend(s.FullName)),
        .. file.EnumTypes.SelectMany(Symbols),
        .. file.MessageTypes.SelectMany(WithNested).SelectMany(Symbols),
    ];

    private static IEnumerable<string> Symbols(MessageDescriptor message) =>
    [
        message.FullName,
        .. message.Fields.InDeclarationOrder().Select(f => f.FullName),
        .. message.Oneofs.Select(o => o.FullName),
        .. message.EnumTypes.SelectMany(Symbols),
    ];

    // A value belongs to what its enum belongs to, as in C++.
    private static IEnumerable<string> Symbols(EnumDescriptor declared)
    {
        var scope = declared.FullName[..^declared.Name.Length];
        return declared.Values.Select(v => scope + v.Name).Prepend(declared.FullName);
    }

    private static IEnumerable<MessageDescriptor> WithNested(MessageDescriptor message) => message.NestedTypes.SelectMany(WithNested).Prepend(message);
}
