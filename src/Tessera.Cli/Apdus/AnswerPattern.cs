using Tessera.Cards;
using Tessera.Wire;

namespace Tessera.Cli.Apdus;

/// <summary>
/// What a script expects of an answer: a status word, or the whole answer; <c>?</c> stands for any digit and <c>*</c> for
/// any digits, once.
/// </summary>
internal sealed class AnswerPattern
{
    private const int StatusDigits = 4;
    private const char AnyDigit = '?';
    private const char AnyDigits = '*';

    private readonly string _text;

    private AnswerPattern(string text) => _text = text;

    /// <exception cref="FormatException">It is none.</exception>
    public static AnswerPattern Parse(string name, string text)
    {
        var digits = string.Concat(text.Where(one => !char.IsWhiteSpace(one))).ToUpperInvariant();
        var isPattern = digits.Length >= StatusDigits && digits.Count(one => one == AnyDigits) <= 1
            && digits.All(one => char.IsAsciiHexDigit(one) || one is AnyDigit or AnyDigits);
        return isPattern
            ? new AnswerPattern(digits)
            : throw new FormatException($"{name}: behind => stand hexadecimal digits with ? for any and one * for any number.");
    }

    public bool Matches(ResponseApdu answer)
    {
        var whole = Bytes.Of(answer).ToString();
        if (_text.Length == StatusDigits && !_text.Contains(AnyDigits, StringComparison.Ordinal))
            return Same(_text, whole[^StatusDigits..]);
        var star = _text.IndexOf(AnyDigits, StringComparison.Ordinal);
        if (star < 0) return Same(_text, whole);
        var (head, tail) = (_text[..star], _text[(star + 1)..]);
        return whole.Length >= head.Length + tail.Length
            && Same(head, whole[..head.Length]) && Same(tail, whole[(whole.Length - tail.Length)..]);
    }

    public override string ToString() => _text;

    private static bool Same(string pattern, string digits) => pattern.Length == digits.Length
        && pattern.Zip(digits).All(pair => pair.First == AnyDigit || pair.First == pair.Second);
}
