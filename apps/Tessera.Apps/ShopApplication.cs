using System.Globalization;
using Tessera.Platform.Applications;
using Tessera.Platform.Changes;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Fields;
using Tessera.Platform.Holders;
using Tessera.Platform.Sessions;
using Tessera.Platform.Views;

namespace Tessera.Apps;

/// <summary>
/// A shop for telephones and browsers: goods without PIN where they are cheap, the balance after it, money from the bank.
/// </summary>
public sealed class ShopApplication : IOfferingApplication
{
    /// <summary>From this price on the PIN is asked.</summary>
    public static readonly Amount PinFrom = Amount.Of(5);

    /// <summary>What was bought last, on every card of the holder; nobody is asked whether it may come there.</summary>
    public static readonly CardField LastReceipt = new(0x11, "receipt", "Last receipt", DeliveryPolicy.Mandatory);

    private static readonly Amount LeastLoad = Amount.Of(1);
    private static readonly Amount MostLoad = Amount.Of(500);

    private readonly TimeProvider _time;
    private readonly Errand[] _errands;

    /// <param name="time">Dates the receipts.</param>
    public ShopApplication(TimeProvider time) => (_time, _errands) = (time,
    [
        Goods("coffee", "Coffee", Amount.Of(2.80m)),
        Goods("tea", "Tea", Amount.Of(2.20m)),
        Goods("sandwich", "A sandwich", Amount.Of(5.40m)),
        Goods("lunch", "Lunch", Amount.Of(12.50m)),
        new(this, new Offer("balance", "Your balance"), BalanceAsync),
        new(this, new Offer("load", "Loading money"), LoadAsync),
    ]);

    public string Name => "shop";

    public string Title => "Shop";

    public string Summary => "Coffee, tea and lunch. By telephone you choose with its keys and pay at your device.";

    public string Greeting => "Welcome to the shop.";

    public IReadOnlyList<Offer> Offers => [.. _errands.Select(errand => errand.Offer)];

    public IReadOnlyList<CardField> Fields => [LastReceipt];

    public bool IsOn(CardRegistration card) => card.HasPurse;

    public ICardApplication? Take(string offer) =>
        _errands.FirstOrDefault(errand => string.Equals(errand.Offer.Name, offer, StringComparison.Ordinal));

    public async Task RunAsync(CardSession session, CancellationToken cancel)
    {
        var leave = new Errand(this, new Offer("leave", "Leave"), (_, _) => Task.CompletedTask);
        do
        {
            var chosen = await session.RunAsync(
                Dialogue.Choose(View.Titled("What would you like?"), [.. _errands, leave], errand => errand.Label), cancel);
            if (chosen == leave) return;
            try
            {
                await chosen.RunAsync(session, cancel);
            }
            catch (DialogueEndedException end) when (end.Answers > 0 || !session.IsCostly)
            {
                // The holder knows why: back to the shop.
            }
        }
        while (!session.IsCostly);
    }

    private Errand Goods(string name, string title, Amount price) => new(
        this, new Offer(name, title, price), async (session, cancel) =>
        {
            var payment = Dialogue.Pay(price, title, Name, withoutPin: price < PinFrom)
                .ThenPrintReceipt(View.Of("Thank you for your order."));
            if (session.Carries(LastReceipt))
            {
                var text = await ReceiptAsync(session, $"{title} {price}", cancel);
                payment = payment.Then(Dialogue.Keep(LastReceipt, text), (receipt, _) => receipt);
            }

            await session.RunAsync(payment.ThenShow($"You paid {price}."), cancel);
        });

    /// <summary>With the day of the order, which a replay reads again as it was.</summary>
    private async Task<string> ReceiptAsync(CardSession session, string bought, CancellationToken cancel)
    {
        var day = await session.OnceAsync("day", _ => Task.FromResult(_time.GetUtcNow()), cancel);
        return string.Create(CultureInfo.InvariantCulture, $"{day:yyyy-MM-dd} {bought}");
    }

    /// <summary>Nobody hears what is on an account before the card and its PIN have said whose it is.</summary>
    private static async Task BalanceAsync(CardSession session, CancellationToken cancel)
    {
        await session.RunAsync(Dialogue.Identify("Tell the balance"), cancel);
        var money = await session.PurseAsync(cancel);
        await session.RunAsync(Dialogue.Show($"Your balance is {Amount.Text(money.Account)}."), cancel);
    }

    private static async Task LoadAsync(CardSession session, CancellationToken cancel)
    {
        var amount = await session.RunAsync(
            Dialogue.AskAmount(View.Titled("Load how much?"), LeastLoad, MostLoad), cancel);
        await session.RunAsync(Dialogue.Identify($"Load {amount} from your bank"), cancel);
        await session.RunAsync(Dialogue.Load(amount).ThenShow($"You loaded {amount}."), cancel);
    }

    /// <summary>What a holder comes for: a session of its own where it was chosen before the card was there.</summary>
    private sealed class Errand(
        ShopApplication shop, Offer offer, Func<CardSession, CancellationToken, Task> run) : ICardApplication
    {
        public Offer Offer => offer;

        public string Name => $"{shop.Name}{IOfferingApplication.Separator}{offer.Name}";

        public string Title => offer.Title;

        /// <summary>With its price, as a line of a list.</summary>
        public string Label => offer.Price is { } price ? $"{offer.Title} {price}" : offer.Title;

        public Task RunAsync(CardSession session, CancellationToken cancel) =>
            session.HasPurse
                ? run(session, cancel)
                : session.RunAsync(Dialogue.Show("This card carries no purse."), cancel);
    }
}
