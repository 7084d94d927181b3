using System.Globalization;
using Tessera.Platform.Applications;
using Tessera.Platform.Changes;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Fields;
using Tessera.Platform.Holders;
using Tessera.Platform.Sessions;
using Tessera.Platform.Views;

namespace Tessera.Apps;

/// <summary>Orders that are signed: what was shown and agreed to is evidence, and the card keeps a note of the last.</summary>
/// <param name="time">Dates the orders.</param>
public sealed class OrdersApplication(TimeProvider time) : ICardApplication
{
    /// <summary>What was signed last, on every card of the holder.</summary>
    public static readonly CardField LastOrder = new(0x12, "order", "Last signed order", DeliveryPolicy.Mandatory);

    private static readonly Article[] Articles =
    [
        new("Firewood, 2 m3", Amount.Of(190)), new("Coal, 500 kg", Amount.Of(240)),
        new("Heating oil, 1000 l", Amount.Of(1150)),
    ];

    public string Name => "orders";

    public string Title => "Signed orders";

    public string Summary => "Order fuel for the winter. Your card signs what its terminal has shown you.";

    public IReadOnlyList<CardField> Fields => [LastOrder];

    public bool IsOn(CardRegistration card) => card.HasPiv;

    public async Task RunAsync(CardSession session, CancellationToken cancel)
    {
        if (!session.MaySign)
        {
            await session.RunAsync(Dialogue.Show("Orders are signed, and this card signs nothing here."), cancel);
            return;
        }

        var article = await session.RunAsync(
            Dialogue.Choose(View.Titled("What shall we bring?"), Articles, one => $"{one.Name} {one.Price}"), cancel);
        var day = await session.OnceAsync("day", _ => Task.FromResult(time.GetUtcNow()), cancel);
        var number = session.Id.ToString()[^6..].ToUpperInvariant();
        var order = View.Titled($"Order {number}").Text($"{article.Name}: {article.Price}")
            .Text(string.Create(CultureInfo.InvariantCulture, $"ordered on {day:yyyy-MM-dd}, to be paid on delivery"));
        var signing = Dialogue.Sign(order);
        if (session.Carries(LastOrder))
        {
            var note = string.Create(CultureInfo.InvariantCulture, $"{day:yyyy-MM-dd} {number} {article.Name}");
            signing = signing.Then(Dialogue.Keep(LastOrder, note), (signed, _) => signed);
        }

        var signed = await session.RunAsync(signing, cancel);
        await session.RunAsync(Dialogue.Show($"Thank you. Your signature is on file as {signed.Evidence}."), cancel);
    }

    /// <summary>Something that is brought.</summary>
    private sealed record Article(string Name, Amount Price);
}
