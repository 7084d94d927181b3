using System.Globalization;
using Tessera.Platform.Applications;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Money;
using Tessera.Platform.Sessions;
using Tessera.Platform.Views;

namespace Tessera.Apps;

/// <summary>Money on a card: look at it, load it, pay with it, and mind its PIN.</summary>
public sealed class PurseApplication : ICardApplication
{
    private const string Canteen = "canteen";
    private const string Market = "market";

    private static readonly Amount MostAtTheStall = Amount.Of(50);
    private static readonly Amount LeastLoad = Amount.Of(1);
    private static readonly Amount MostLoad = Amount.Of(500);

    private static readonly Goods[] Menu =
    [
        new("Lunch", Amount.Of(12.50m)), new("Sandwich", Amount.Of(5.40m)), new("Soup", Amount.Of(4.20m)),
        new("Coffee", Amount.Of(2.80m)), new("Tea", Amount.Of(2.20m)),
    ];

    private static readonly Amount?[] Loads = [Amount.Of(10), Amount.Of(20), Amount.Of(50), Amount.Of(100), null];

    private static readonly Service[] Services =
    [
        new("Pay in the canteen", PayAsync), new("Pay at the market stall", PayAtTheStallAsync), new("Load money", LoadAsync),
        new("What happened", HistoryAsync), new("Change the PIN", ChangePinAsync), new("Unblock the PIN", UnblockPinAsync),
        new("Leave", null),
    ];

    public string Name => "purse";

    public string Title => "Purse";

    public async Task RunAsync(CardSession session, CancellationToken cancel)
    {
        while (true)
        {
            var money = await session.PurseAsync(cancel);
            var view = View.Titled("Your purse").Text(Balance(money));
            var service = await session.RunAsync(Dialogue.Choose(view, Services, one => one.Label), cancel);
            if (service.RunAsync is null) return;

            try
            {
                await service.RunAsync(session, cancel);
            }
            catch (DialogueEndedException)
            {
                // The holder knows why: back to the list of services.
            }
        }
    }

    private static async Task PayAsync(CardSession session, CancellationToken cancel) =>
        await session.RunAsync(
        Dialogue.Choose(
            View.Titled("What would you like?").Table(Menu), Menu, goods => $"{goods.Name} {goods.Price}",
            goods => Dialogue.Pay(goods.Price, goods.Name, Canteen).ThenShow("Paid. Enjoy it!")),
        cancel);

    private static async Task PayAtTheStallAsync(CardSession session, CancellationToken cancel) =>
        await session.RunAsync(
        Dialogue.PayUpTo(MostAtTheStall, "Market stall", Market).ThenShow("Paid. Thank you."), cancel);

    private static async Task LoadAsync(CardSession session, CancellationToken cancel)
    {
        var amount = await session.RunAsync(
            Dialogue.Choose(View.Titled("Load how much?"), Loads, load => load?.ToString() ?? "Another amount"), cancel);
        amount ??= await session.RunAsync(Dialogue.AskAmount(View.Titled("Load how much?"), LeastLoad, MostLoad), cancel);
        await session.RunAsync(Dialogue.Load(amount.Value).ThenShow($"{amount} came from your bank."), cancel);
    }

    private static async Task HistoryAsync(CardSession session, CancellationToken cancel)
    {
        var money = await session.PurseAsync(cancel);
        await session.RunAsync(Dialogue.Show(History(money)), cancel);
    }

    private static async Task ChangePinAsync(CardSession session, CancellationToken cancel) =>
        await session.RunAsync(Dialogue.ChangePin().ThenShow("Your PIN is changed."), cancel);

    private static async Task UnblockPinAsync(CardSession session, CancellationToken cancel) =>
        await session.RunAsync(Dialogue.UnblockPin().ThenShow("Your new PIN is set."), cancel);

    /// <summary>The account is the truth; the card is mentioned where it has yet to catch up.</summary>
    private static string Balance(PurseView money)
    {
        var account = $"You have {Amount.Text(money.Account)}.";
        return money.Copy is { } copy && copy.Balance != money.Account
            ? $"{account} {Amount.Text(copy.Balance)} of it is on this card so far."
            : account;
    }

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

    /// <summary>Something the canteen sells.</summary>
    private sealed record Goods(string Name, Amount Price);

    /// <summary>A line of the list of services; without a task it ends the session.</summary>
    private sealed record Service(string Label, Func<CardSession, CancellationToken, Task>? RunAsync);
}
