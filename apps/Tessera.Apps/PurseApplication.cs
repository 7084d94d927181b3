using System.Globalization;
using Tessera.Platform.Applications;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Platform.Sessions;
using Tessera.Platform.Views;

namespace Tessera.Apps;

/// <summary>Money on a card: look at it, pay with it, load it, and mind its PIN.</summary>
public sealed class PurseApplication : ICardApplication
{
    private static readonly Amount MostAtTheStall = Amount.Of(50);
    private static readonly Amount LeastLoad = Amount.Of(1);
    private static readonly Amount MostLoad = Amount.Of(500);

    private static readonly Goods[] Menu =
    [
        new("Bus ticket", Amount.Of(3.20m)) { Merchant = "bus" }, new("Lunch", Amount.Of(12.50m)),
        new("Sandwich", Amount.Of(5.40m)), new("Soup", Amount.Of(4.20m)), new("Coffee", Amount.Of(2.80m)),
        new("Tea", Amount.Of(2.20m)),
    ];

    private static readonly Service Leave = new("Leave", Dialogue.Nothing(Amount.Zero));

    private static readonly Amount?[] Loads = [Amount.Of(10), Amount.Of(20), Amount.Of(50), Amount.Of(100), null];

    public string Name => "purse";

    public string Title => "Purse";

    public string Summary => "Balance, pay, load and history. You confirm at your terminal; your PIN never leaves it.";

    public bool IsOn(CardRegistration card) => card.HasPurse;

    public async Task RunAsync(CardSession session, CancellationToken cancel)
    {
        if (!session.HasPurse)
        {
            await session.RunAsync(Dialogue.Show(View.Titled("This card carries no purse.")), cancel);
            return;
        }

        do
        {
            var money = await session.PurseAsync(cancel);
            try
            {
                var (service, load) = await session.RunAsync(Services(money), cancel);
                if (service == Leave) return;
                if (load > Amount.Zero) await session.RunAsync(Load(load), cancel);
            }
            catch (DialogueEndedException end) when (end.Answers > 0)
            {
                // The holder knows why: back to the list of services.
            }
        }
        while (!session.IsCostly);
    }

    /// <summary>All of it is one dialogue, so that a phone needs one script for choice, PIN and payment.</summary>
    private static Dialogue<(Service Service, Amount Load)> Services(PurseView money)
    {
        Service[] services =
        [
            new("Pay", Errand(Pay())), new("What happened", Errand(Dialogue.Show(History(money)))), new("Load money", Load()),
            new("Market stall", Errand(Dialogue.PayUpTo(MostAtTheStall, "Market stall", "market").ThenShow("Paid. Thank you."))),
            new("Change PIN", Errand(Dialogue.ChangePin().ThenShow("Your PIN is changed."))),
            new("Unblock PIN", Errand(Dialogue.UnblockPin().ThenShow("Your new PIN is set."))), Leave,
        ];
        return Dialogue.Choose(
            View.Titled($"You have {Amount.Text(money.Account)}."), services, service => service.Label,
            service => service.Dialogue);
    }

    private static Dialogue<Amount> Errand<T>(Dialogue<T> dialogue) => dialogue.Select(_ => Amount.Zero);

    private static Dialogue<(Goods Goods, Receipt Receipt)> Pay() => Dialogue.Choose(
        View.Titled("Buy what?").Table(Menu), Menu, goods => $"{goods.Name} {goods.Price}",
        goods => Dialogue.Pay(goods.Price, goods.Name, goods.Merchant).ThenShow("Paid. Enjoy it!"));

    private static Dialogue<Amount> Load() => Dialogue.Choose(
        View.Titled("Load how much?"), Loads, load => load?.ToString() ?? "Another amount",
        load => load is { } amount
            ? Errand(Load(amount))
            : Dialogue.AskAmount(View.Titled("Load how much?"), LeastLoad, MostLoad)).Select(chosen => chosen.Result);

    private static Dialogue<Done> Load(Amount amount) => Dialogue.Load(amount).ThenShow($"{amount} came from your bank.");

    private static View History(PurseView money)
    {
        var view = View.Titled("What happened");
        if (money.History.Count == 0) return view.Text("Nothing yet.");

        var points = money.History.Reverse().Select(line => new Point(Day(line), line.Balance / 100m));
        return view
            .Table(
                ["Day", "What", "Amount", "Balance"],
                [.. money.History.Select(line => (IReadOnlyList<string>)
                    [Day(line), line.What, Amount.Text(line.Amount), Amount.Text(line.Balance)])])
            .Chart("Your balance", ChartShape.Line, new Series("Balance", [.. points]));
    }

    private static string Day(HistoryLine line) => line.Time.ToString("dd MMM", CultureInfo.InvariantCulture);

    /// <summary>Something that is sold.</summary>
    private sealed record Goods(string Name, Amount Price)
    {
        /// <summary>Who is paid; not public, so that it is no column of the table.</summary>
        internal string Merchant { get; init; } = "canteen";
    }

    /// <summary>A line of the list of services; its result is what is still to be loaded.</summary>
    private sealed record Service(string Label, Dialogue<Amount> Dialogue);
}
