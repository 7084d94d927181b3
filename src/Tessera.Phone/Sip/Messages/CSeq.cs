using System.Globalization;

namespace Tessera.Phone.Sip;

/// <summary>The number of a request in its dialog, and its method (RFC 3261 §20.16).</summary>
public sealed record CSeq(uint Number, string Method)
{
    private const uint Max = (1u << 31) - 1;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number} {Method}");

    internal static CSeq Read(string text, string field, int offset)
    {
        var scanner = new SipScanner(text, field, offset);
        scanner.SkipSpace();
        var number = scanner.TakeNumber(Max, "the number");
        if (!SipGrammar.IsSpace(scanner.Next)) throw scanner.Broken("a space is missing behind the number");
        scanner.SkipSpace();
        var read = new CSeq(number, scanner.TakeToken("the method"));
        scanner.TakeEnd();
        return read;
    }
}
