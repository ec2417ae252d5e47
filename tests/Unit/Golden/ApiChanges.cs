using Google.Protobuf.Reflection;

namespace Latecomer.Tests.Unit.Golden;

/// <summary>What a version of the API does to those who were built against an earlier one.</summary>
internal static class ApiChanges
{
    /// <summary>A sentence for each thing of the earlier version that is gone or is not what it was. Additions break nobody.</summary>
    public static IEnumerable<string> Breaking(FileDescriptorSet before, FileDescriptorSet now)
    {
        var known = Elements(now).ToDictionary(e => e.Name, StringComparer.Ordinal);
        foreach (var element in Elements(before))
        {
            if (!known.TryGetValue(element.Name, out var today))
            {
                yield return $"{element.Name} is gone.";
            }
            else if (element.Meaning != today.Meaning)
            {
                yield return $"{element.Name} was '{element.Meaning}' and is '{today.Meaning}'.";
            }
        }
    }

    /// <summary>Everything that a client can name, with what it relies on.</summary>
    private static IEnumerable<(string Name, string Meaning)> Elements(FileDescriptorSet set) =>
        from file in set.File
        let package = $"{file.Package}."
        from element in file.MessageType.SelectMany(m => Message(package, m))
            .Concat(file.EnumType.SelectMany(e => Enumeration(package, e)))
            .Concat(file.Service.SelectMany(s => Service(package, s)))
        select element;

    private static IEnumerable<(string Name, string Meaning)> Message(string scope, DescriptorProto message)
    {
        var name = $"{scope}{message.Name}";
        var fields = message.Field.Select(f => ($"field {name}.{f.Name}", Meaning(message, f)));
        return fields.Prepend(($"message {name}", ""))
            .Concat(message.NestedType.SelectMany(m => Message($"{name}.", m)))
            .Concat(message.EnumType.SelectMany(e => Enumeration($"{name}.", e)));
    }

    private static string Meaning(DescriptorProto message, FieldDescriptorProto field)
    {
        var type = field.TypeName.Length > 0 ? field.TypeName.TrimStart('.') : field.Type.ToString().ToLowerInvariant();
        var label = field.Label == FieldDescriptorProto.Types.Label.Repeated ? "repeated " : field.Proto3Optional ? "optional " : "";
        var oneof = field.HasOneofIndex && !field.Proto3Optional ? $" of {message.OneofDecl[field.OneofIndex].Name}" : "";
        return $"{label}{type} = {field.Number}{oneof}";
    }

    private static IEnumerable<(string Name, string Meaning)> Enumeration(string scope, EnumDescriptorProto type) =>
        type.Value.Select(v => ($"value {scope}{type.Name}.{v.Name}", $"{v.Number}")).Prepend(($"enum {scope}{type.Name}", ""));

    private static IEnumerable<(string Name, string Meaning)> Service(string scope, ServiceDescriptorProto service) =>
        service.Method.Select(m => ($"method {scope}{service.Name}.{m.Name}", $"{Streamed(m.ClientStreaming, m.InputType)} returns {Streamed(m.ServerStreaming, m.OutputType)}"))
            .Prepend(($"service {scope}{service.Name}", ""));

    private static string Streamed(bool isStream, string type) => $"{(isStream ? "stream " : "")}{type.TrimStart('.')}";
}
