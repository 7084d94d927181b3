using Tessera.Cards;
using Tessera.Wire;

namespace Tessera.VirtualCard.Os;

/// <summary>The octets of an answer that GET RESPONSE has still to fetch (ISO/IEC 7816-4 §5.3.4).</summary>
internal sealed class PendingAnswer
{
    private Bytes _rest;
    private StatusWord _status;

    public bool IsEmpty => _rest.Length == 0;

    /// <summary>As much of <paramref name="answer"/> as the command wants; what is left over waits.</summary>
    public ResponseApdu Take(ResponseApdu answer, int? le)
    {
        (_rest, _status) = (answer.Data, answer.Status);
        return Next(le ?? 0);
    }

    /// <summary>The next part: its own status at the end, 61xx before.</summary>
    public ResponseApdu Next(int le)
    {
        var part = _rest.Memory[..Math.Min(le, _rest.Length)];
        _rest = new Bytes(_rest.Memory[part.Length..]);
        return new ResponseApdu(new Bytes(part), IsEmpty ? _status : OsStatus.More(_rest.Length));
    }

    public void Drop() => _rest = Bytes.Empty;
}
