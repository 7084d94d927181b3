using System.Runtime.InteropServices;
using Tessera.Wire;

namespace Tessera.Cards.Pcsc;

/// <summary>A connection to a powered card. One call at a time, from the thread of its context.</summary>
internal sealed unsafe class NativeCard(nint handle, string reader, bool exclusive, uint protocol)
{
    public const uint T0 = 1;
    public const uint T1 = 2;

    private const int MaxAtr = 36;
    private const uint ResetCard = 1;
    private const uint LeaveCard = 0;

    private bool _released;

    public static CULong AnyProtocol => new(T0 | T1);

    public uint Protocol { get; private set; } = protocol;

    public static CULong ShareMode(bool exclusive) => new(exclusive ? 1u : 2u);

    public Bytes Atr()
    {
        var nameLength = new CULong(0);
        var atr = new byte[MaxAtr];
        var length = new CULong(MaxAtr);
        fixed (byte* start = atr)
        {
            Check(Winscard.SCardStatus(handle, null, ref nameLength, out _, out _, start, ref length), "SCardStatus");
        }

        return new Bytes(atr.AsMemory(0, (int)length.Value));
    }

    /// <summary>Sends a command and returns the length of the answer.</summary>
    public int Transmit(ReadOnlySpan<byte> command, Span<byte> answer)
    {
        ThrowIfReleased();
        var pci = new Winscard.IoRequest(Protocol);
        var commandLength = new CULong((uint)command.Length);
        var length = new CULong((uint)answer.Length);
        fixed (byte* send = command, receive = answer)
        {
            Check(
                Winscard.SCardTransmit(handle, pci, send, commandLength, null, receive, ref length), "SCardTransmit");
        }

        // Some drivers (vpcd is one) report a card pulled in mid-command as an answer of no octets.
        return length.Value > 0
            ? (int)length.Value
            : throw PcscException.Of(PcscStatus.CommDataLost, "SCardTransmit", reader);
    }

    /// <summary>Speaks to the reader itself and returns the length of its answer.</summary>
    public int Control(uint code, ReadOnlySpan<byte> input, Span<byte> answer)
    {
        ThrowIfReleased();
        fixed (byte* send = input, receive = answer)
        {
            Check(
                Winscard.SCardControl(
                    handle, new CULong(code), send, new CULong((uint)input.Length),
                    receive, new CULong((uint)answer.Length), out var length),
                "SCardControl");
            return (int)length.Value;
        }
    }

    /// <summary>Warm reset; returns what the card answered to it.</summary>
    public Bytes Reset()
    {
        ThrowIfReleased();
        Reconnect(ResetCard);
        return Atr();
    }

    /// <summary>A card that others reset before is as good as any other.</summary>
    public PcscStatus BeginTransaction()
    {
        ThrowIfReleased();
        var status = NativeContext.Status(Winscard.SCardBeginTransaction(handle));
        if (status == PcscStatus.ResetCard)
        {
            Reconnect(LeaveCard);
            status = NativeContext.Status(Winscard.SCardBeginTransaction(handle));
        }

        return status.IsSuccess ? status : throw PcscException.Of(status, "SCardBeginTransaction", reader);
    }

    /// <summary>That the card has gone meanwhile ended the transaction too.</summary>
    public PcscStatus EndTransaction(bool reset)
    {
        var status = NativeContext.Status(Winscard.SCardEndTransaction(handle, new CULong(reset ? ResetCard : LeaveCard)));

        // Our own reset is no news for us, unless another program has the card already.
        if (reset && status.IsSuccess)
            status = NativeContext.Status(Winscard.SCardReconnect(
                handle, ShareMode(exclusive), AnyProtocol, new CULong(LeaveCard), out _));
        return status;
    }

    /// <summary>
    /// Resets the card, so that no verified PIN stays behind. That it has gone meanwhile is no failure.
    /// </summary>
    public PcscStatus Release()
    {
        if (_released) return PcscStatus.Success;
        _released = true;
        return NativeContext.Status(Winscard.SCardDisconnect(handle, new CULong(ResetCard)));
    }

    private void ThrowIfReleased()
    {
        if (_released) throw new ConnectionLostException($"The card was removed from {reader}.");
    }

    /// <summary>A reset by another program is told once; the next call finds the card as it is then.</summary>
    private PcscStatus Check(CLong result, string function)
    {
        var status = NativeContext.Status(result);
        if (status.IsSuccess) return status;
        if (status != PcscStatus.ResetCard) throw PcscException.Of(status, function, reader);
        Reconnect(LeaveCard);
        throw new CardResetException($"Another program reset the card in {reader} ({function}: {status}).");
    }

    private void Reconnect(uint initialization)
    {
        var status = NativeContext.Status(Winscard.SCardReconnect(
            handle, ShareMode(exclusive), AnyProtocol, new CULong(initialization), out var active));
        if (!status.IsSuccess) throw PcscException.Of(status, "SCardReconnect", reader);
        Protocol = (uint)active.Value;
    }
}
