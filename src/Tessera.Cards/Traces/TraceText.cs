using System.Globalization;

namespace Tessera.Cards.Traces;

/// <summary>Entries of a trace as lines of text.</summary>
/// <remarks>
/// <code>
/// 12 10:31:07.120  > 00A4040009A00000030800001000  SELECT by name PIV A00000030800001000
///                  &lt; 61114F0600001000...9000        9000 done, 19 octets, 0.7 ms
///                      61 application template
///                        4F AID: 000010000100
/// </code>
/// </remarks>
public static class TraceText
{
    private const string Indent = "    ";

    /// <summary>The lines of an entry.</summary>
    public static IEnumerable<string> Lines(TraceEntry entry)
    {
        var head = string.Create(
            CultureInfo.InvariantCulture, $"{entry.Number} {entry.At:HH:mm:ss.fff}");
        switch (entry)
        {
            case TracedReset reset:
                yield return $"{head} reset, ATR {reset.Atr}";
                break;
            case TracedExchange exchange:
                yield return $"{head} > {exchange.Command.Octets}  {exchange.Command.Words}";
                foreach (var line in exchange.Command.Objects) yield return Indent + line;
                var took = string.Create(CultureInfo.InvariantCulture, $"{exchange.Took.TotalMilliseconds:0.0} ms");
                yield return exchange.Answer is { } answer
                    ? $"{head} < {answer.Octets}  {answer.Words}, {took}"
                    : $"{head} < no answer, {took}";
                foreach (var line in exchange.Answer?.Objects ?? []) yield return Indent + line;
                break;
        }
    }
}
