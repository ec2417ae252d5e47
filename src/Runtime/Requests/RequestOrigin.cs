namespace Latecomer.Runtime;

/// <summary>Where a request came from. It is part of the request's cause, so whatever the request leads to first is recorded with it; and its first turn keeps an
/// <see cref="AuditRecord"/> of it.</summary>
/// <param name="Method">What was called, such as <c>Runs/Clear</c>.</param>
/// <param name="Caller">Who called: a name of letters, digits and a few signs, without spaces.</param>
/// <param name="Address">From where, without spaces.</param>
public readonly record struct RequestOrigin(string Method, string Caller, string Address)
{
    private const int MostCharacters = 200;

    /// <summary>The origin with what would break the cause that carries it made harmless: a name is no more trusted than any input.</summary>
    public RequestOrigin Clean() => new(Clean(Method), Clean(Caller), Clean(Address));

    private static string Clean(string text)
    {
        var kept = text.Length <= MostCharacters ? text : text[..MostCharacters];
        return string.Concat(kept.Select(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '(' or ')' ? '_' : c));
    }
}
