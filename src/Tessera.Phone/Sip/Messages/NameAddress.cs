namespace Tessera.Phone.Sip;

/// <summary>
/// A URI with a name to show and parameters: From, To, Contact, Route and their like (RFC 3261 §20.10).
/// </summary>
public sealed record NameAddress(SipUri Uri)
{
    /// <summary>Without quotes and escapes; empty where there is none.</summary>
    public string DisplayName { get; init; } = "";

    /// <summary>Those behind the angle brackets: of the header, not of the URI.</summary>
    public SipParameters Parameters { get; init; } = SipParameters.Empty;

    public string? Tag => Parameters["tag"];

    /// <exception cref="FormatException">The text is no such address.</exception>
    public static NameAddress Parse(string text) => Read(text, "address", 0);

    public NameAddress WithTag(string tag) => this with { Parameters = Parameters.With("tag", tag) };

    public override string ToString() =>
        $"{(DisplayName.Length == 0 ? "" : SipParameter.Quoted(DisplayName) + " ")}<{Uri}>{Parameters}";

    internal static NameAddress Read(string text, string field, int offset)
    {
        var scanner = new SipScanner(text, field, offset);
        scanner.SkipSpace();
        var name = "";
        if (scanner.Next == '"')
        {
            name = scanner.TakeQuoted();
            scanner.SkipSpace();
            if (scanner.Next != '<') throw scanner.Broken("'<' is missing behind the name");
        }
        else if (scanner.Rest.Contains('<'))
        {
            name = TakeTokens(ref scanner);
        }

        var at = offset + scanner.At;
        string uri;
        if (scanner.Next == '<')
        {
            scanner.TakeUntil('<');
            at++;
            uri = scanner.TakeUntil('>');
        }
        else
        {
            // Without brackets parameters are the header's, and neither comma nor question mark may stand in the URI.
            uri = scanner.Take(SipGrammar.BareUri, "the URI");
        }

        var address = new NameAddress(SipUri.Read(uri, field, at))
        {
            DisplayName = name, Parameters = scanner.TakeParameters(),
        };
        scanner.TakeEnd();
        return address;
    }

    /// <summary>A name of tokens, without quotes.</summary>
    private static string TakeTokens(ref SipScanner scanner)
    {
        List<string> words = [];
        while (scanner.Next != '<')
        {
            words.Add(scanner.TakeToken("a word of the name"));
            scanner.SkipSpace();
        }

        return string.Join(' ', words);
    }
}
