using System.Buffers;
using System.Globalization;
using Tessera.Wire;

namespace Tessera.Cards.Traces;

/// <summary>
/// Follows what is said to a card and tells every exchange in words: it knows what is selected on each channel, puts
/// chains and long answers together, and hides what is secret.
/// </summary>
/// <remarks>One exchange at a time, as with every card.</remarks>
/// <param name="told">Gets each entry when it is whole; called one at a time.</param>
/// <param name="time">Whose clock the entries carry.</param>
public sealed class CardTrace(Action<TraceEntry> told, TimeProvider time)
{
    private const int MostChannels = 20;
    private const byte Select = 0xA4;
    private const byte GetResponse = 0xC0;

    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    private readonly Selection[] _selections = [.. Enumerable.Range(0, MostChannels).Select(_ => new Selection())];
    private readonly ArrayBufferWriter<byte> _chain = new();
    private readonly ArrayBufferWriter<byte> _answer = new();
    private byte _chained;
    private bool _isAnswerSecret;
    private long _number;

    /// <summary>The clock at the beginning of an exchange, for its end.</summary>
    public (DateTimeOffset At, long Stamp) Begin() => (time.GetUtcNow(), time.GetTimestamp());

    /// <summary>The card was powered or reset.</summary>
    public void Reset(Bytes atr)
    {
        foreach (var selection in _selections) selection.Clear();
        Forget(_chain);
        Forget(_answer);
        _isAnswerSecret = false;
        told(new TracedReset(++_number, time.GetUtcNow(), atr));
    }

    /// <summary>The end of an exchange.</summary>
    /// <param name="answer">Null where the card gave none.</param>
    public void End((DateTimeOffset At, long Stamp) begun, CommandApdu command, ResponseApdu? answer)
    {
        var took = time.GetElapsedTime(begun.Stamp);
        var selection = _selections[ApduWords.ChannelOf(command.Cla)];
        var asked = Describe(command, selection);
        var answered = answer is null ? null : Describe(command, answer, selection);
        if (answer is not null) selection.Follow(command, answer);
        told(new TracedExchange(++_number, begun.At, took, asked, answered));
    }

    private TracedApdu Describe(CommandApdu command, Selection selection)
    {
        var (start, length) = Secrets.IsInCommand(command, selection.File)
            ? (0, command.Data.Length)
            : Secrets.Typed(command);
        var lc = command.Data.Length == 0 ? "" : command.Data.Length.ToString(LengthForm(command), Invariant);
        var le = command.Le is { } most ? (most & 0xFFFF).ToString(LengthForm(command), Invariant)[^LeDigits(command)..] : "";
        var text = $"{command.Header}{(command.IsExtended ? "00" : "")}{lc}{Hidden(command.Data.Span, start, length)}{le}";
        // A chain that was given up is no beginning of another command.
        if (command.Ins != _chained) Forget(_chain);
        _chained = command.Ins;
        var objects = length > 0 ? [] : Objects(_chain, command.Data.Span, isWhole: !command.IsChained);
        return new TracedApdu(text, ApduWords.Of(command, selection.Application), objects);
    }

    private TracedApdu Describe(CommandApdu command, ResponseApdu answer, Selection selection)
    {
        var isRest = command.Ins == GetResponse;
        _isAnswerSecret = isRest ? _isAnswerSecret : Secrets.IsInAnswer(command, selection.File);
        if (!isRest) Forget(_answer);
        var text = $"{Hidden(answer.Data.Span, 0, _isAnswerSecret ? answer.Data.Length : 0)}{answer.Status}";
        var objects = _isAnswerSecret ? [] : Objects(_answer, answer.Data.Span, isWhole: !answer.Status.HasMore);
        return new TracedApdu(text, ApduWords.Of(answer), objects);
    }

    private static string Hidden(ReadOnlySpan<byte> octets, int start, int length) =>
        $"{Convert.ToHexString(octets[..start])}{new string('*', 2 * length)}{Convert.ToHexString(octets[(start + length)..])}";

    /// <summary>The objects of a run of octets that comes in parts, told with the last.</summary>
    private static Sequence<string> Objects(ArrayBufferWriter<byte> parts, ReadOnlySpan<byte> part, bool isWhole)
    {
        if (parts.WrittenCount + part.Length <= CardChannel.MaxAnswer) parts.Write(part);
        if (!isWhole) return [];
        var objects = ObjectLines.Of(parts.WrittenSpan);
        Forget(parts);
        return objects;
    }

    private static void Forget(ArrayBufferWriter<byte> parts) => parts.Clear();

    private static string LengthForm(CommandApdu command) => command.IsExtended ? "X4" : "X2";

    private static int LeDigits(CommandApdu command) => command.IsExtended ? 4 : 2;

    /// <summary>What is selected on one channel, as far as the commands tell.</summary>
    private sealed class Selection
    {
        public TracedApplication? Application { get; private set; }

        /// <summary>The file that was selected by its identifier; 0 for none.</summary>
        public ushort File { get; private set; }

        public void Clear() => (Application, File) = (null, 0);

        public void Follow(CommandApdu command, ResponseApdu answer)
        {
            if (command.Ins != Select || answer.Status.Sw1 is not (0x90 or 0x61 or 0x62 or 0x9F)) return;
            if (command.Cla != ApduWords.SimClass && command.P1 == 0x04)
                (Application, File) = (CardNames.ApplicationOf(Convert.ToHexString(command.Data.Span)), 0);
            else if (command.Data.Length >= 2)
                File = (ushort)((command.Data.Span[^2] << 8) | command.Data.Span[^1]);
        }
    }
}
