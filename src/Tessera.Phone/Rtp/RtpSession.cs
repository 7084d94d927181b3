using System.Net;
using Tessera.Phone.Sip;
using Tessera.Phone.Sound;
using Tessera.Wire;

namespace Tessera.Phone.Rtp;

/// <summary>
/// The sound of one call as blocks of 160 samples in both directions (RFC 3550 with the audio profile of RFC 3551).
/// Knows no clock, socket or thread: who owns it writes a block and reads one every 20 ms, and hands it datagrams as
/// they come.
/// </summary>
/// <remarks>Any thread may use it, one at a time inside.</remarks>
public sealed partial class RtpSession
{
    /// <summary>Octets of the largest datagram it makes.</summary>
    public const int MaxDatagram = RtpPacket.HeaderLength + AudioBlock.Length;

    private const int MaxKeys = 64;

    private readonly Lock _gate = new();
    private readonly RtpOptions _options;
    private readonly JitterBuffer _jitter;
    private readonly RtpSource _source = new();
    private readonly TelephoneEventReceiver _events = new();
    private readonly TelephoneEventSender _presses;
    private readonly Queue<char> _keys = new();
    private readonly short[] _decoded = new short[RtpPacket.MaxLength];
    private AudioAgreement _agreement;
    private SocketAddress _peer;
    private ushort _sequence;
    private uint _timestamp;
    private bool _speaking;
    private uint _sent;
    private uint _sentOctets;
    private uint _clock;
    private long _duplicate;
    private long _strangers;
    private long _misread;
    private long _failed;

    /// <param name="agreement">Its peer is whom it hears and speaks to: packets of others are counted, not
    /// heard.</param>
    public RtpSession(AudioAgreement agreement, RtpOptions options)
    {
        _agreement = agreement;
        _peer = agreement.Remote.Serialize();
        _options = options;
        _jitter = new JitterBuffer(options.Jitter);
        _presses = new TelephoneEventSender(options.KeyLength, options.KeyPause);
        (_sequence, _timestamp) = (options.Start.Sequence, options.Start.Timestamp);
    }

    /// <summary>What both ends agreed upon; where they may not send, the clock goes on without packets.</summary>
    public AudioAgreement Agreement
    {
        get
        {
            lock (_gate) return _agreement;
        }
    }

    /// <summary>Whether keys can be pressed by telephone events.</summary>
    public bool CanPress => Agreement.SendTelephoneEvent is not null;

    /// <summary>Whether a key is being pressed.</summary>
    public bool IsPressing
    {
        get
        {
            lock (_gate) return !_presses.IsIdle;
        }
    }

    public RtpStatistics Statistics
    {
        get
        {
            lock (_gate)
            {
                return new RtpStatistics
                {
                    Sent = _sent, Received = _source.Received, Lost = _source.Lost, Late = _jitter.Late,
                    Duplicate = _duplicate, FromStrangers = _strangers, Misread = _misread, Failed = _failed,
                    Concealed = _jitter.Concealed, Jitter = AudioBlock.TimeOf(_source.Jitter), RoundTrip = _roundTrip,
                };
            }
        }
    }

    /// <summary>The ends agreed anew: on another address, codec or direction.</summary>
    public void Agree(AudioAgreement agreement)
    {
        lock (_gate) (_agreement, _peer) = (agreement, agreement.Remote.Serialize());
    }

    /// <summary>Takes a datagram as it came from the network.</summary>
    public void Receive(ReadOnlyMemory<byte> datagram, SocketAddress from)
    {
        lock (_gate)
        {
            if (!from.Equals(_peer)) _strangers++;
            else if (_agreement.MayReceive) Receive(new Bytes(datagram));
        }
    }

    /// <summary>Reads the next 20 ms of what the peer says.</summary>
    /// <returns>Whether some of it was made up, because packets did not come in time.</returns>
    public bool Read(Span<short> block)
    {
        CheckLength(block);
        lock (_gate)
        {
            _clock += AudioBlock.Length;
            return _jitter.Take(block);
        }
    }

    /// <summary>Writes the next 20 ms of what is said here.</summary>
    /// <param name="datagram">Room for <see cref="MaxDatagram"/> octets.</param>
    /// <returns>Octets of the packet to send; 0 where there is none.</returns>
    public int Write(ReadOnlySpan<short> block, Span<byte> datagram)
    {
        CheckLength(block);
        lock (_gate)
        {
            var now = _timestamp;
            _timestamp += AudioBlock.Length;
            if (_presses.TryNext(now, out var payload, out var begun))
                return _agreement.MaySend ? WriteEvent(payload, begun, datagram) : 0;

            var marker = !_speaking;
            _speaking = _agreement.MaySend;
            if (!_speaking) return 0;
            _agreement.Codec.Encode(block, datagram[RtpPacket.HeaderLength..]);
            return WriteHeader(_agreement.SendPayloadType, marker, now, AudioBlock.Length, datagram);
        }
    }

    /// <summary>Presses a key by telephone events.</summary>
    /// <exception cref="InvalidOperationException">The ends did not agree upon telephone events, or too many keys
    /// wait.</exception>
    /// <exception cref="ArgumentException">No telephone has that key.</exception>
    public void Press(char key)
    {
        if (!CanPress) throw new InvalidOperationException("The peer does not understand telephone events.");
        lock (_gate) _presses.Press(key);
    }

    /// <summary>The next key that the peer pressed, told by telephone events.</summary>
    public bool TryReadKey(out char key)
    {
        lock (_gate) return _keys.TryDequeue(out key);
    }

    /// <summary>The system did not take a datagram, or reported an error.</summary>
    public void CountFailure()
    {
        lock (_gate) _failed++;
    }

    /// <summary>Where to send what <see cref="Write"/> makes.</summary>
    internal SocketAddress PeerAddress
    {
        get
        {
            lock (_gate) return _peer;
        }
    }

    private static void CheckLength(ReadOnlySpan<short> block)
    {
        if (block.Length != AudioBlock.Length)
            throw new ArgumentException($"A block has {AudioBlock.Length} samples, not {block.Length}.", nameof(block));
    }

    private void Receive(Bytes datagram)
    {
        RtpPacket packet;
        try
        {
            packet = RtpPacket.Read(datagram);
        }
        catch (WireFormatException)
        {
            _misread++;
            return;
        }

        var codec = CodecOf(packet.PayloadType);
        if (codec is null && packet.PayloadType != _agreement.ReceiveTelephoneEvent)
        {
            _misread++;
            return;
        }

        switch (_source.Take(packet, _clock))
        {
            case Arrival.Duplicate:
                _duplicate++;
                return;
            case Arrival.Strange:
                _misread++;
                return;
            case Arrival.Restarted:
                _jitter.Reset();
                _events.Reset();
                break;
        }

        if (codec is { } law) Hear(law, packet);
        else Tell(packet);
    }

    private void Hear(AudioCodec codec, RtpPacket packet)
    {
        var samples = _decoded.AsSpan(0, packet.Payload.Length);
        codec.Decode(packet.Payload.Span, samples);
        _jitter.Put(packet.Timestamp, samples);
    }

    private void Tell(RtpPacket packet)
    {
        TelephoneEvent payload;
        try
        {
            payload = packet.Payload.Read<TelephoneEvent>();
        }
        catch (WireFormatException)
        {
            _misread++;
            return;
        }

        if (_events.Take(payload, packet.Timestamp, packet.Marker) is { } key && _keys.Count < MaxKeys)
            _keys.Enqueue(key);
    }

    /// <summary>The codec agreed upon, or one that its static payload type names (RFC 3551 table 4).</summary>
    private AudioCodec? CodecOf(byte payloadType) =>
        payloadType == _agreement.ReceivePayloadType ? _agreement.Codec
        : payloadType is (byte)AudioCodec.Pcmu or (byte)AudioCodec.Pcma ? (AudioCodec)payloadType
        : null;

    private int WriteEvent(TelephoneEvent payload, uint begun, Span<byte> datagram)
    {
        var octets = Bytes.Of(payload);
        octets.Span.CopyTo(datagram[RtpPacket.HeaderLength..]);
        _speaking = false;
        var isFirst = payload.Duration == AudioBlock.Length;
        return WriteHeader(_agreement.SendTelephoneEvent ?? 0, isFirst, begun, octets.Length, datagram);
    }

    private int WriteHeader(int payloadType, bool marker, uint timestamp, int length, Span<byte> datagram)
    {
        var packet = new RtpPacket(
            marker, (byte)payloadType, _sequence++, timestamp, _options.Start.Ssrc, Bytes.Empty);
        packet.WriteHeader(datagram);
        _sent++;
        _sentOctets += (uint)length;
        return RtpPacket.HeaderLength + length;
    }
}
