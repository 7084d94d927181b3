using System.Buffers;
using System.Globalization;
using System.Text;
using Tessera.Wire;

namespace Tessera.Phone.Sip;

/// <summary>Reads the value of one header field from left to right.</summary>
/// <param name="offset">Of the value in its message, for what is said when it is broken.</param>
internal ref struct SipScanner(ReadOnlySpan<char> text, string field, int offset)
{
    private readonly ReadOnlySpan<char> _text = text;

    public int At { get; private set; }

    public readonly bool AtEnd => At == _text.Length;

    public readonly char Next => AtEnd ? '\0' : _text[At];

    public readonly ReadOnlySpan<char> Rest => _text[At..];

    public void SkipSpace()
    {
        while (!AtEnd && SipGrammar.IsSpace(_text[At])) At++;
    }

    /// <summary>Takes the character, and white space on both sides of it, if it comes next.</summary>
    public bool TryTake(char wanted)
    {
        var start = At;
        SkipSpace();
        if (Next != wanted || AtEnd)
        {
            At = start;
            return false;
        }

        At++;
        SkipSpace();
        return true;
    }

    public void Take(char wanted)
    {
        if (!TryTake(wanted)) throw Broken($"'{wanted}' is missing");
    }

    public string Take(SearchValues<char> set, string what)
    {
        var length = Rest.IndexOfAnyExcept(set);
        if (length < 0) length = Rest.Length;
        if (length == 0) throw Broken($"{what} is missing");
        var taken = Rest[..length].ToString();
        At += length;
        return taken;
    }

    public string TakeToken(string what) => Take(SipGrammar.Token, what);

    /// <summary>All up to a character, which is taken too but not given.</summary>
    public string TakeUntil(char end)
    {
        var length = Rest.IndexOf(end);
        if (length < 0) throw Broken($"'{end}' is missing");
        var taken = Rest[..length].ToString();
        At += length + 1;
        return taken;
    }

    public uint TakeNumber(uint max, string what)
    {
        var length = Rest.IndexOfAnyExceptInRange('0', '9');
        if (length < 0) length = Rest.Length;
        if (length == 0) throw Broken($"{what} is no number");
        var digits = Rest[..length].TrimStart('0');
        ulong number = 0;
        if (digits.Length > 10 || !(digits.IsEmpty || ulong.TryParse(digits, CultureInfo.InvariantCulture, out number)))
            throw Broken($"{what} is more than {max}");
        if (number > max) throw Broken($"{what} is more than {max}");
        At += length;
        return (uint)number;
    }

    /// <summary>A quoted string, without quotes and escapes.</summary>
    public string TakeQuoted()
    {
        var inside = new StringBuilder();
        for (At++; !AtEnd; At++)
        {
            if (_text[At] == '"')
            {
                At++;
                return inside.ToString();
            }

            if (_text[At] == '\\' && ++At == _text.Length) break;
            if (_text[At] > 0x7F && _text[At - 1] == '\\') throw Broken("what is escaped is no ASCII");
            inside.Append(_text[At]);
        }

        throw Broken("a quoted string does not end");
    }

    /// <summary>Parameters, each behind a semicolon, up to the end or to what is no parameter.</summary>
    public SipParameters TakeParameters()
    {
        List<SipParameter> parameters = [];
        while (TryTake(';'))
        {
            var name = TakeToken("the name of a parameter");
            if (parameters.Exists(other => other.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
                throw Broken($"the parameter {name} stands twice");
            parameters.Add(!TryTake('=') ? new SipParameter(name)
                : Next == '"' ? new SipParameter(name, TakeQuoted(), IsQuoted: true)
                : new SipParameter(name, Take(SipGrammar.Value, $"the value of {name}")));
        }

        return [.. parameters];
    }

    /// <summary>Fails if something is left.</summary>
    public void TakeEnd()
    {
        SkipSpace();
        if (!AtEnd) throw Broken($"'{Next}' does not belong here");
    }

    public readonly WireFormatException Broken(string reason) => new(field, offset + At, reason);
}
