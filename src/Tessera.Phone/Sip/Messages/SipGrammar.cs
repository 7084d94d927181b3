using System.Buffers;

namespace Tessera.Phone.Sip;

/// <summary>The sets of characters of RFC 3261 §25.1.</summary>
internal static class SipGrammar
{
    private const string Alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const string Mark = "-_.!~*'()";

    public static readonly SearchValues<char> Token = SearchValues.Create($"{Alphanumeric}-.!%*_+`'~");

    /// <summary>A word: what a Call-ID is made of.</summary>
    public static readonly SearchValues<char> Word = SearchValues.Create($"{Alphanumeric}-.!%*_+`'~()<>:\\\"/[]?{{}}");

    /// <summary>A value of a header's parameter that is not quoted: a token or a host.</summary>
    public static readonly SearchValues<char> Value = SearchValues.Create($"{Alphanumeric}-.!%*_+`'~[]:");

    public static readonly SearchValues<char> Host = SearchValues.Create($"{Alphanumeric}-._");

    public static readonly SearchValues<char> Scheme = SearchValues.Create($"{Alphanumeric}+-.");

    public static readonly SearchValues<char> User = SearchValues.Create($"{Alphanumeric}{Mark}&=+$,;?/%");

    public static readonly SearchValues<char> Password = SearchValues.Create($"{Alphanumeric}{Mark}&=+$,%");

    public static readonly SearchValues<char> UriParameter = SearchValues.Create($"{Alphanumeric}{Mark}[]/:&+$%");

    public static readonly SearchValues<char> UriHeaders = SearchValues.Create($"{Alphanumeric}{Mark}[]/?:+$%&=");

    /// <summary>Whatever an absolute URI may have after its scheme (RFC 2396 §3).</summary>
    public static readonly SearchValues<char> Opaque = SearchValues.Create($"{Alphanumeric}{Mark};/?:@&=+$,%#[]");

    public static readonly SearchValues<char> BareUri = SearchValues.Create($"{Alphanumeric}{Mark}/:@&=+$%#[]");

    public static bool IsSpace(char c) => c is ' ' or '\t';

    /// <summary>The text with every <c>%XX</c> made what it stands for, octet by octet.</summary>
    public static string Unescape(string text) =>
        text.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(text) : text;

    /// <summary>Where an escape begins that is none; -1 where all are well.</summary>
    public static int BrokenEscape(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%') continue;
            if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
                return i;
        }

        return -1;
    }
}
