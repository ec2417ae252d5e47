namespace Latecomer.Runtime;

/// <summary>Compares texts by their code points, as databases compare UTF-8. UTF-16 differs where surrogates (code points from 0x10000)
/// meet units from 0xE000.</summary>
internal static class CodePointOrder
{
    private const int FirstSurrogate = 0xD800;
    private const int AfterSurrogates = 0xE000;

    public static int Compare(string a, string b)
    {
        var common = a.AsSpan().CommonPrefixLength(b);
        if (common == a.Length || common == b.Length)
        {
            return a.Length.CompareTo(b.Length);
        }

        return Rank(a[common]).CompareTo(Rank(b[common]));
    }

    private static int Rank(char unit) => unit switch
    {
        >= (char)AfterSurrogates => unit - AfterSurrogates + FirstSurrogate,
        >= (char)FirstSurrogate => unit + AfterSurrogates,
        _ => unit,
    };
}
