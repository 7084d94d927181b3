using System.Globalization;
using Tessera.Platform.Applications;
using Tessera.Platform.Changes;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Fields;
using Tessera.Platform.Holders;
using Tessera.Platform.Sessions;
using Tessera.Platform.Signing;
using Tessera.Platform.Views;

namespace Tessera.Apps;

/// <summary>Orders that are signed: what was shown and agreed to is evidence, and the card keeps a note of the last.</summary>
public sealed class OrdersApplication : IOpeningApplication
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

    public Dialogue Opening(SessionReference session, DateTimeOffset opened) => Ordering(session, opened, isNoted: true);

    public async Task RunAsync(CardSession session, CancellationToken cancel)
    {
        if (!session.MaySign)
        {
            await session.RunAsync(Dialogue.Show("Orders are signed, and this card signs nothing here."), cancel);
            return;
        }

        var signed = await session.RunAsync(Ordering(session.Id, session.Opened, session.Carries(LastOrder)), cancel);
        await session.RunAsync(Dialogue.Show($"Thank you. Your signature is on file as {signed.Evidence}."), cancel);
    }

    private static Dialogue<SignedTransaction> Ordering(SessionReference session, DateTimeOffset day, bool isNoted)
    {
        var number = session.ToString()[^6..].ToUpperInvariant();
        return Dialogue.Choose(
            View.Titled("What shall we bring?"), Articles, one => $"{one.Name} {one.Price}", Order).Select(one => one.Result);

        Dialogue<SignedTransaction> Order(Article article)
        {
            var signing = Dialogue.Sign(View.Titled($"Order {number}").Text($"{article.Name}: {article.Price}")
                .Text(string.Create(CultureInfo.InvariantCulture, $"ordered on {day:yyyy-MM-dd}, to be paid on delivery")));
            var note = string.Create(CultureInfo.InvariantCulture, $"{day:yyyy-MM-dd} {number} {article.Name}");
            return isNoted ? signing.Then(Dialogue.Keep(LastOrder, note), (signed, _) => signed) : signing;
        }
    }

    /// <summary>Something that is brought.</summary>
    private sealed record Article(string Name, Amount Price);
}
