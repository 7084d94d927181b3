using Tessera.Cards;
using Tessera.Cards.Traces;
using Tessera.Wire;

namespace Tessera.Cli.Apdus;

/// <summary>A line of a script, or one that somebody typed: a command or a word, and what is expected of the answer.</summary>
/// <remarks>
/// <code>
/// 00A40400 09 F05445535345524102 00  => *9000    # a remark
/// 80600000 00
/// reset
/// </code>
/// Without an expectation any answer will do that is no error.
/// </remarks>
/// <param name="Number">From 1.</param>
/// <param name="Command">Null where there is a word.</param>
internal sealed record ApduLine(int Number, string Text, CommandApdu? Command, AnswerPattern? Expected)
{
    public const string Reset = "reset";
    public const string VerifyPin = "verify pin";

    private const string Input = "-";
    private const string Arrow = "=>";
    private const int MaxLines = 10_000;

    /// <summary>Nobody keeps it.</summary>
    public bool IsSecret => Command is { } command && Secrets.AreIn(command);

    /// <summary>Null where there is nothing but a remark.</summary>
    /// <param name="words">Those that are known here, beside commands.</param>
    /// <exception cref="FormatException">It is neither; the error has its name and not its text.</exception>
    public static ApduLine? Parse(int number, string line, IReadOnlyList<string> words)
    {
        var (text, name) = (line.Split('#')[0].Trim(), $"line {number}");
        if (text.Length == 0) return null;
        if (words.FirstOrDefault(word => string.Equals(word, text, StringComparison.OrdinalIgnoreCase)) is { } known)
            return new ApduLine(number, known, null, null);

        var arrow = text.IndexOf(Arrow, StringComparison.Ordinal);
        var expected = arrow < 0 ? null : AnswerPattern.Parse(name, text[(arrow + Arrow.Length)..]);
        var octets = (arrow < 0 ? text : text[..arrow]).Trim();
        return new ApduLine(number, text, ReadCommand(name, octets), expected);
    }

    /// <summary>All lines of a script, before the first is sent.</summary>
    /// <param name="path">- for standard input.</param>
    /// <inheritdoc cref="Parse"/>
    public static async Task<IReadOnlyList<ApduLine>> ReadAsync(
        string path, IReadOnlyList<string> words, CancellationToken cancel)
    {
        using var file = path is Input ? null : File.OpenText(path);
        var lines = new List<ApduLine>();
        for (var number = 1; ; number++)
        {
            var line = file is null ? await Verb.ReadLineAsync(cancel) : await file.ReadLineAsync(cancel);
            if (line is null) return lines;
            if (Parse(number, line, words) is not { } read) continue;
            if (lines.Count == MaxLines) throw new FormatException($"A script has at most {MaxLines} commands.");
            lines.Add(read);
        }
    }

    /// <summary>Whether a script goes on behind that answer.</summary>
    public bool Accepts(ResponseApdu answer) => Expected?.Matches(answer) ?? answer.Status.Sw1 is 0x90 or 0x62 or 0x63;

    /// <summary>Why it does not.</summary>
    public string Difference(ResponseApdu answer) => Expected is null
        ? $"Line {Number}: the card answered {answer.Status}."
        : $"Line {Number}: the card answered {Bytes.Of(answer)}, expected {Expected}.";

    /// <exception cref="FormatException">It is none; the error has its name and not its text.</exception>
    public static CommandApdu ReadCommand(string name, string text)
    {
        try
        {
            return Verb.Hex(name, text).Read<CommandApdu>();
        }
        catch (WireFormatException e)
        {
            throw new FormatException($"{name}: {e.Message}.", e);
        }
    }
}
