using Tessera.Phone.Sound;

namespace Tessera.Phone.Rtp;

/// <summary>Makes keys of telephone events: each once, however many packets tell of it (RFC 4733 §2.5.2).</summary>
public sealed class TelephoneEventReceiver
{
    /// <summary>The whole of the duration field: a longer event goes on in a new segment (RFC 4733 §2.5.1.3).</summary>
    private const uint Segment = 0xFFFF;

    /// <summary>Older than this is no packet that was late, but a clock that began anew.</summary>
    private const int Forgotten = 10 * AudioBlock.Rate;

    private TelephoneEvent _last;
    private uint _begun;
    private bool _any;

    /// <summary>Takes the event of a packet.</summary>
    /// <param name="timestamp">Of the packet: when the event began.</param>
    /// <param name="marker">Of the packet: the event is new.</param>
    /// <returns>The key, if this is the first packet that tells of it.</returns>
    public char? Take(TelephoneEvent payload, uint timestamp, bool marker)
    {
        var isNew = IsNew(payload, timestamp, marker);
        if (isNew is null) return null;

        (_last, _begun, _any) = (payload, timestamp, true);
        return isNew.Value ? payload.Key : null;
    }

    /// <summary>Another source speaks from now on: its clock is another.</summary>
    public void Reset() => _any = false;

    /// <summary>Whether the event is new; null where it is not worth keeping.</summary>
    private bool? IsNew(TelephoneEvent payload, uint timestamp, bool marker)
    {
        if (!_any) return true;
        var age = (int)(timestamp - _begun);
        if (age == 0) return false;
        if (age is < 0 and > -Forgotten) return null;
        return marker || payload.Event != _last.Event || age != Segment || _last.End;
    }
}
