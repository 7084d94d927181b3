using System.Net;
using Tessera.VirtualCard.Os;
using Tessera.Wire;

namespace Tessera.VirtualCard.Vpcd;

/// <summary>
/// Puts a card that is elsewhere into a virtual reader. A reset travels with the command behind it, so each command costs
/// one message each way; taking the power away is a reset too, that no verified PIN stays behind.
/// </summary>
public static class VpcdRelay
{
    /// <summary>Answers the reader until it goes away; cancelling pulls the card.</summary>
    /// <param name="transmit">
    /// Carries a command to the card, which is reset first where the second argument says so; an empty command is a reset
    /// alone.
    /// </param>
    /// <exception cref="ConnectionLostException">The reader or the card is not there, or broke off.</exception>
    /// <exception cref="WireFormatException">What listens there is no virtual reader.</exception>
    public static async Task RunAsync(
        EndPoint reader, Bytes atr, Func<Bytes, bool, CancellationToken, Task<Bytes>> transmit, CancellationToken cancel)
    {
        using var connection = await VpcdConnection.ConnectAsync(reader, cancel);
        var (isFresh, wantsReset) = (true, false);
        while (await connection.ReceiveAsync(cancel) is { } message)
        {
            switch (message.Control)
            {
                case VpcdControl.PowerOff when !isFresh:
                    await transmit(Bytes.Empty, true, cancel);
                    (isFresh, wantsReset) = (true, false);
                    break;
                case VpcdControl.PowerOff:
                    break;
                case VpcdControl.PowerOn or VpcdControl.Reset:
                    wantsReset = !isFresh;
                    break;
                case VpcdControl.GetAtr:
                    await connection.SendAsync(new VpcdFrame(atr), cancel);
                    break;
                case { } unknown:
                    throw new WireFormatException("control", VpcdFrame.HeaderLength, $"{(byte)unknown:X2} is none");
                case null:
                    var answer = await transmit(message.Content, wantsReset, cancel);
                    (isFresh, wantsReset) = (false, false);
                    message.Content.Erase();
                    await connection.SendAsync(new VpcdFrame(answer), cancel);
                    break;
            }
        }
    }
}
