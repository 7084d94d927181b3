using System.Buffers;
using System.Globalization;
using Tessera.Wire;

namespace Tessera.Cards.Traces;

/// <summary>One logical channel of a card that is watched: its chain, its waiting answer, and what is selected.</summary>
/// <param name="internalFiles">Identifiers of files of passwords and keys, as far as the card has told; of all channels.</param>
internal sealed class TracedChannel(HashSet<ushort> internalFiles)
{
    private const byte GetResponse = 0xC0;

    private static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    private readonly TracedSelection _selection = new(internalFiles);
    private readonly ArrayBufferWriter<byte> _chain = new();
    private readonly ArrayBufferWriter<byte> _answer = new();
    private CommandApdu? _asked;
    private bool _isInChain;
    private bool _isChainSecret;
    private bool _isAnswerSecret;

    /// <summary>A command, before anything is known of its answer.</summary>
    public TracedApdu Ask(CommandApdu command)
    {
        // A chain that was given up is no beginning of another command.
        if (!_isInChain || command.Ins != _asked?.Ins) (_isChainSecret, _isInChain) = (false, Forget(_chain));
        var (start, length) = _isChainSecret
            ? (0, command.Data.Length)
            : Secrets.InCommand(command, _selection.IsOfKeys(command));
        _isChainSecret |= length > 0;
        _isInChain = command.IsChained;

        if (!_isChainSecret) Take(_chain, command.Data.Span);
        var whole = _isInChain ? Bytes.Empty : Bytes.CopyOf(_chain.WrittenSpan);
        if (command.Ins != GetResponse || _asked is null) _asked = command with { Data = Header(command, whole) };
        var objects = _isInChain || _isChainSecret ? [] : ObjectLines.Of(whole.Span);
        return new TracedApdu(Octets(command, start, length), ApduWords.Of(command, _selection.Application), objects);
    }

    /// <summary>The answer to it, which may be a part of one to a command before.</summary>
    public TracedApdu Answer(CommandApdu command, ResponseApdu answer)
    {
        if (command.Ins != GetResponse)
        {
            Forget(_answer);
            _isAnswerSecret = Secrets.AreInAnswer(command, _selection.IsOfKeys(command));
        }

        if (!_isAnswerSecret) Take(_answer, answer.Data.Span);
        var objects = answer.Status.HasMore || _isAnswerSecret ? [] : ObjectLines.Of(_answer.WrittenSpan);
        if (_asked is { } asked && !command.IsChained) _selection.Follow(asked, answer.Status, _answer.WrittenSpan);
        if (!answer.Status.HasMore) Forget(_answer);
        var text = Hidden(answer.Data.Span, 0, _isAnswerSecret ? answer.Data.Length : 0);
        return new TracedApdu($"{text}{answer.Status}", ApduWords.Of(answer), objects);
    }

    /// <summary>What a SELECT or CREATE FILE names is followed; the data of all others are not kept.</summary>
    private static Bytes Header(CommandApdu command, Bytes whole) =>
        TracedSelection.IsFollowed(command) ? whole : Bytes.Empty;

    private static void Take(ArrayBufferWriter<byte> parts, ReadOnlySpan<byte> part)
    {
        if (parts.WrittenCount + part.Length <= CardChannel.MaxAnswer) parts.Write(part);
    }

    private static bool Forget(ArrayBufferWriter<byte> parts)
    {
        parts.Clear();
        return false;
    }

    private static string Octets(CommandApdu command, int start, int length)
    {
        var form = command.IsExtended ? "X4" : "X2";
        var digits = command.IsExtended ? 4 : 2;
        var lc = command.Data.Length == 0 ? "" : command.Data.Length.ToString(form, Invariant);
        var le = command.Le is { } most ? (most & 0xFFFF).ToString(form, Invariant)[^digits..] : "";
        return $"{command.Header}{(command.IsExtended ? "00" : "")}{lc}{Hidden(command.Data.Span, start, length)}{le}";
    }

    private static string Hidden(ReadOnlySpan<byte> octets, int start, int length) =>
        $"{Convert.ToHexString(octets[..start])}{new string('*', 2 * length)}{Convert.ToHexString(octets[(start + length)..])}";
}
