using System.Net;
using Tessera.Cards;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Vpcd;

namespace Tessera.Bench;

/// <summary>APDUs a second through the vpcd link on loopback, card and slot in one process: what the lab's reader does.</summary>
internal static class VpcdRate
{
    public static async Task RunAsync()
    {
        using var stop = new CancellationTokenSource();
        await using var slot = VpcdSlot.Listen(new IPEndPoint(IPAddress.Loopback, 0));
        var medium = new MemoryMedium();
        using (var personalisation = Personalisation.Demonstration(new CardId(0x0123456789ABCDEF)))
            CardImage.Create(medium, personalisation);
        using var card = CardImage.Open(medium);
        var running = VpcdCard.RunAsync(slot.EndPoint, card, options: null, stop.Token);

        await using (var inserted = await slot.InsertedAsync(stop.Token))
            await ApduRate.PrintAsync("vpcd slot, one process", inserted, stop.Token);

        await stop.CancelAsync();
        await running.ContinueWith(_ => { }, TaskScheduler.Default);
    }
}
