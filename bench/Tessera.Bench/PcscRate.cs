using Tessera.Cards.Pcsc;

namespace Tessera.Bench;

/// <summary>APDUs a second through the PC/SC service, with whatever card is in the reader named.</summary>
internal static class PcscRate
{
    public static async Task RunAsync(string[] arguments)
    {
        if (arguments is not [var name]) throw new ArgumentException("pcsc READER", nameof(arguments));
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await using var service = await PcscContext.EstablishAsync(stop.Token);
        await using var reader = await service.OpenAsync(name, options: null, stop.Token);
        await using var card = await reader.InsertedAsync(stop.Token);
        await ApduRate.PrintAsync($"PC/SC, {name}", card, stop.Token);
    }
}
