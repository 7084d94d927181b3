using System.Globalization;
using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Storage;
using Tessera.Storage.Holders;
using Tessera.Storage.Money;
using Tessera.Story.Cards;
using Tessera.Testing;
using Tessera.VirtualCard;
using Tessera.Wire;

namespace Tessera.Story.Books;

/// <summary>The books of a story: how they begin, and what they must hold at its end.</summary>
internal static class StoryBooks
{
    private const ushort Euro = 0x0978;
    private const uint GreatestBalance = 100_000;
    private const long Load = 5000;
    private const long Lunch = 1250;

    /// <summary>A holder with a card, an account, and nothing on either.</summary>
    public static Task BeginAsync(
        string path, CardId card, PurseKeyring keys, ManualTime time, CancellationToken cancel) =>
        BeginAsync(path, card, [PurseCommands.Aid, StoreCommands.Aid], keys, time, cancel);

    /// <param name="applets">Of the card.</param>
    public static async Task BeginAsync(
        string path, CardId card, IReadOnlyList<Bytes> applets, PurseKeyring keys, ManualTime time, CancellationToken cancel)
    {
        await using var database = await Database.OpenAsync(path, cancel: cancel);
        var now = time.GetUtcNow();
        var holders = new SqliteHolderStore(database);
        var holder = new Holder(HolderId.New(now), "Ada", now);
        var registration = new CardRegistration(
            card, holder.Id, CardKind.Iso, applets, DemonstrationKeys.Version, Euro,
            GreatestBalance, CardState.Active, now);
        await holders.AddAsync(holder, cancel);
        await holders.RegisterAsync(registration, cancel);
        await new Treasury(new SqliteMoneyStore(database), keys, time).OpenAsync(registration, cancel);
    }

    /// <summary>Every way in which the books do not hold, or differ from the card.</summary>
    public static async Task<IReadOnlyList<string>> CheckAsync(
        string path, StoryCard card, PurseKeyring keys, CancellationToken cancel)
    {
        await using var database = await Database.OpenAsync(path, cancel: cancel);
        var store = new SqliteMoneyStore(database);
        var broken = await new LedgerCheck(store, keys).RunAsync(cancel);
        List<string> faults = [.. broken.Select(fault => fault.ToString())];
        await using var view = await store.ViewAsync(cancel);
        await CheckAccountsAsync(view, faults, cancel);
        using var opened = card.Open();
        var balance = new CardLog(opened).Balance;
        await foreach (var purse in view.PursesAsync(cancel))
        {
            Expect(faults, "the account", purse.Account, Load - Lunch);
            Expect(faults, "the open intents", purse.Open.Count, 0);
            var copy = purse.Copies.Single();
            Expect(faults, "the card in the book", (copy.Balance, copy.Number), (balance.Balance, balance.Number));
            Expect(faults, "what waits for the card", (copy.Pending, copy.InFlight), (0, 0));
            Expect(faults, "the state of the card", copy.Registration.State, CardState.Active);
        }

        Expect(faults, "the balance on the card", balance.Balance, Load - Lunch);
        await CheckLogAsync(view, new CardLog(opened), faults, cancel);
        return faults;
    }

    private static async Task CheckAccountsAsync(ILedgerView view, List<string> faults, CancellationToken cancel)
    {
        Dictionary<AccountId, long> accounts = [];
        await foreach (var (account, amount) in view.AccountsAsync(cancel)) accounts[account] = amount;
        Expect(faults, "the canteen", accounts.GetValueOrDefault(AccountId.Merchant("canteen", Euro)), Lunch);
        Expect(faults, "the bank", accounts.GetValueOrDefault(AccountId.Funding("bank", Euro)), -Load);
        Expect(faults, "all other accounts", accounts.Values.Count(amount => amount != 0), 3);
    }

    /// <summary>Each movement of the book is the one of that number in the log of the card, the newest ten.</summary>
    private static async Task CheckLogAsync(
        ILedgerView view, CardLog log, List<string> faults, CancellationToken cancel)
    {
        Dictionary<uint, BookedMovement> booked = [];
        await foreach (var proven in view.MovementsAsync(cancel)) booked[proven.Movement.Number] = proven.Movement;
        for (var index = 1; index <= Math.Min(booked.Count, PurseCommands.LogRecords); index++)
        {
            var record = log.Read(index);
            var movement = booked.GetValueOrDefault(record.Number);
            Expect(faults, $"movement {record.Number}", movement?.Movement, record.Movement);
            Expect(faults, $"balance {record.Number}", movement?.Balance, record.Balance);
        }
    }

    private static void Expect<T>(List<string> faults, string what, T found, T expected)
    {
        if (!EqualityComparer<T>.Default.Equals(found, expected))
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"{what}: {found}, not {expected}"));
    }

    /// <summary>What a card says of itself to whoever asks.</summary>
    internal sealed class CardLog
    {
        private readonly VirtualCard.Os.CardOs _card;

        public CardLog(VirtualCard.Os.CardOs card)
        {
            _card = card;
            Send(PurseCommands.Select);
            Balance = Send(PurseCommands.Balance).Read<PurseBalance>();
        }

        public PurseBalance Balance { get; }

        public LoggedMovement Read(int index) => Send(PurseCommands.ReadLog(index)).Read<LoggedMovement>();

        private Bytes Send(CommandApdu command)
        {
            var answer = _card.Transmit(Bytes.Of(command).Span).Read<ResponseApdu>();
            answer.EnsureSuccess(command);
            return answer.Data;
        }
    }
}
