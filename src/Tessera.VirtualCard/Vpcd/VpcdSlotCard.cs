using Tessera.Cards;
using Tessera.Cards.Atr;
using Tessera.VirtualCard.Os;
using Tessera.Wire;

namespace Tessera.VirtualCard.Vpcd;

/// <summary>The card in a virtual slot, powered for one holder.</summary>
internal sealed class VpcdSlotCard : ICard
{
    private readonly VpcdInsertion _insertion;
    private bool _released;

    private VpcdSlotCard(VpcdInsertion insertion, Bytes atr) => (_insertion, Atr) = (insertion, atr);

    public Bytes Atr { get; }

    public Task Removed => _insertion.Removed;

    public static async Task<VpcdSlotCard> PowerAsync(VpcdInsertion insertion, CancellationToken cancel)
    {
        try
        {
            await insertion.ControlAsync(VpcdControl.PowerOn, cancel);
            var atr = await AtrAsync(insertion, cancel);
            return atr.Length is >= 2 and <= AnswerToReset.MaxLength
                ? new VpcdSlotCard(insertion, atr)
                : throw new ConnectionLostException($"What was inserted answers its reset with {atr.Length} octets.");
        }
        catch
        {
            insertion.Release();
            throw;
        }
    }

    public async ValueTask<ResponseApdu> TransmitAsync(CommandApdu command, CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(_released, this);
        var octets = Bytes.Of(command);
        try
        {
            return (await _insertion.AskAsync(new VpcdFrame(octets), cancel)).Read<ResponseApdu>();
        }
        finally
        {
            octets.Erase();
        }
    }

    /// <summary>The ATR is asked for too, so that the card has done it when this returns.</summary>
    public async Task ResetAsync(CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(_released, this);
        await _insertion.ControlAsync(VpcdControl.Reset, cancel);
        await AtrAsync(_insertion, cancel);
    }

    /// <summary>Takes the power; the card stays in the slot for the next holder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_released) return;
        _released = true;
        try
        {
            await _insertion.ControlAsync(VpcdControl.PowerOff, CancellationToken.None);
        }
        catch (ConnectionLostException)
        {
            // A card that is gone has no power.
        }

        _insertion.Release();
    }

    private static Task<Bytes> AtrAsync(VpcdInsertion insertion, CancellationToken cancel) =>
        insertion.AskAsync(VpcdFrame.Of(VpcdControl.GetAtr), cancel);
}
