using Tessera.Phone.Modems;
using Tessera.Wire;

namespace Tessera.Phone.Data;

/// <summary>All the modems of an end, listening at once: who speaks chooses the rung and need not say so.</summary>
internal sealed class LineListener(IEnumerable<LineModem> modems, CallSide side)
{
    /// <summary>Frames of one modem taken from 20 ms at most; a sound that holds more is no frame's.</summary>
    private const int MostFrames = 16;

    private readonly Ear[] _ears = [.. modems.Select(modem => new Ear(modem.Mode, modem.CreateReceiver(side)))];

    public IEnumerable<HeardFrame> Write(ReadOnlySpan<short> samples, bool concealed)
    {
        var heard = new List<HeardFrame>();
        foreach (var ear in _ears)
        {
            ear.Receiver.Write(samples, concealed);
            for (var i = 0; i < MostFrames && ear.Receiver.TryRead(out var frame); i++)
            {
                if (frame.Payload.Length == 0) continue;
                heard.Add(new HeardFrame(ear.Mode, (FrameKind)(frame.Payload.Span[0] >> 4), frame, ear.Parts));
            }
        }

        return heard;
    }

    private sealed record Ear(ModemMode Mode, IModemReceiver Receiver)
    {
        public HandshakeParts Parts { get; } = new();
    }
}

/// <summary>A frame that a modem heard.</summary>
internal sealed record HeardFrame(ModemMode Modem, FrameKind Kind, ModemFrame Frame, HandshakeParts Parts)
{
    /// <summary>The message of the handshake that ends with this frame.</summary>
    /// <returns>Null when it does not end here, or is none.</returns>
    public T? Message<T>() where T : class, IWireFormat<T>
    {
        if (Parts.Join(Frame.Payload) is not { } message) return null;
        try
        {
            return message.Read<T>();
        }
        catch (WireFormatException)
        {
            // Any sound may look like a frame, and anybody may send one: what is no message was not said.
            return null;
        }
    }
}
