using Tessera.Platform.Applications;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Fields;
using Tessera.Platform.Objects;
using Tessera.Platform.Sessions;
using Tessera.Platform.Views;

namespace Samples;

/// <summary>Sells bus trips to whoever has a card, wherever the card is.</summary>
public sealed class BusTickets : ICardApplication
{
    private static readonly Trip[] Trips =
        [new("Centre", Amount.Of(3.20m)), new("Airport", Amount.Of(4.80m)), new("Harbour", Amount.Of(2.60m))];

    public string Name => "bus";

    public string Title => "Bus tickets";

    public IReadOnlyList<CardField> Fields => Ticket.Places;

    public async Task RunAsync(CardSession session, CancellationToken cancel)
    {
        var sale = Dialogue.Choose(
            View.Titled("Where to?").Table(Trips), Trips, trip => $"{trip.Stop} {trip.Price}",
            trip => Dialogue.Pay(trip.Price, $"Bus to {trip.Stop}", goods: Ticket.For(trip)).ThenShow("Have a good trip."));

        var (trip, receipt) = await session.RunAsync(sale, cancel);
        await session.OnceAsync("sold", (key, _) => Office.SoldAsync(key, trip, receipt), cancel);
    }
}

/// <summary>A trip on the timetable.</summary>
public sealed record Trip(string Stop, Amount Price);

/// <summary>The ticket that comes to the card with the payment, or not at all.</summary>
public static class Ticket
{
    /// <summary>A card holds two at a time.</summary>
    public static IReadOnlyList<CardField> Places { get; } = CardField.Objects(0x21, 2, "ticket", "Bus ticket");

    public static Goods For(Trip trip) => Goods.Ticket(Places, $"Bus to {trip.Stop}", lasting: TimeSpan.FromHours(2));
}

/// <summary>Where the operator hears what was sold: once for each key, however often it is told.</summary>
public static class Office
{
    private static readonly HashSet<string> Heard = [];

    public static Task SoldAsync(string key, Trip trip, Receipt receipt)
    {
        if (Heard.Add(key)) Console.WriteLine($"   office: sold {trip.Stop} for {receipt.Amount}, movement {receipt.Number}");
        return Task.CompletedTask;
    }
}
