using System.Globalization;
using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Cards.Store;
using Tessera.Platform.Changes;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Fields;
using Tessera.Platform.Money;
using Tessera.Platform.Objects;
using Tessera.Platform.Sessions;
using Tessera.Platform.Signing;
using Tessera.Platform.Views;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Platform.Applications;

/// <summary>What the holder of a test does next.</summary>
internal sealed record Act(ActKind Kind, string Text = "");

/// <summary>What a holder can do.</summary>
internal enum ActKind
{
    Choose,
    Type,
    RightPin,
    WrongPin,
    Confirm,
    Cancel,
}

/// <summary>The holder of a test: what they will do, what they saw, and their money.</summary>
internal sealed class TestHolder(Amount account)
{
    public const int PinTries = 3;
    public const int PukTries = 10;

    private readonly List<HistoryLine> _history = [];

    public static DateTimeOffset Now { get; } = DateTimeOffset.UnixEpoch;

    public static CardId Card { get; } = new(0x5465737443617264);

    public Queue<Act> Acts { get; } = new();

    public List<string> Shown { get; } = [];

    public List<string> Printed { get; } = [];

    public Receipt? Paid { get; private set; }

    /// <summary>The card in the second reader of the terminal; null for none.</summary>
    public Func<CommandApdu, ResponseApdu>? SecondCard { get; set; }

    /// <summary>What the card keeps, by the name of the field.</summary>
    public Dictionary<string, Bytes> Fields { get; } = new(StringComparer.Ordinal);

    public List<int> Scripts { get; } = [];

    public long Account { get; private set; } = account.MinorUnits;

    /// <summary>Signs the tickets, coupons and receipts of the test.</summary>
    public ECDsa Issuer { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public int PinLeft { get; set; } = PinTries;

    public int PukLeft { get; set; } = PukTries;

    public IReadOnlyList<HistoryLine> History => [.. _history.AsEnumerable().Reverse()];

    /// <summary>Shows a question and gives what the holder does about it.</summary>
    public Act Asked(string text)
    {
        Shown.Add(text);
        if (!Acts.TryDequeue(out var act))
            throw new InvalidOperationException($"The test does not say what the holder does about: {text}");
        return act.Kind == ActKind.Cancel ? throw new DialogueEndedException(DialogueEnd.Cancelled) : act;
    }

    public Receipt Pay(PayLeaf pay, Amount amount, string merchant)
    {
        var payment = pay.Payment;
        foreach (var (place, _, content) in pay.Articles) Fields[place.Name] = content;
        Book(EntryKind.Debit, payment.Item, -(long)amount.MinorUnits);
        return Paid = new Receipt(
            Card, (uint)_history.Count, amount, payment.Item, payment.Merchant ?? merchant,
            payment.WithoutPin ? PaymentMethod.Key : PaymentMethod.Pin, Account, _history[^1].Time);
    }

    /// <summary>The documents that the card signed.</summary>
    public List<View> Signed { get; } = [];

    public SignedTransaction Sign(View document)
    {
        Signed.Add(document);
        return new SignedTransaction(
            Signed.Count.ToString("X16", CultureInfo.InvariantCulture), Card, "CN=Test Holder", PaymentMethod.Pin,
            DateTimeOffset.UnixEpoch.AddDays(Signed.Count));
    }

    /// <summary>Signs the goods of a dialogue, as the issuer would.</summary>
    public Node Stock(Node dialogue, Remarks remarks)
    {
        var placing = new GoodsPlacing(
            _ => true, place => StoredObject.Of(Fields.GetValueOrDefault(place.Name)) is null,
            _ => new FieldCopy(Card, 0, Bytes.Empty, 0, IsOpen: false));
        placing.Place(dialogue);
        return placing.With(
            dialogue,
            [
                .. placing.Placed.OfType<PlacedGoods>().Select((one, i) => Bytes.Of(SignedObject.Sign(
                    Issuer, Card, one.Goods.Kind, (uint)i + 1, Now, Now + one.Goods.Lasting, one.Goods.Text))),
            ],
            inOneStep: true, remarks);
    }

    public Amount? Redeem(Sequence<CardField> places)
    {
        foreach (var place in places)
        {
            if (StoredObject.Of(Fields.GetValueOrDefault(place.Name)) is not { } coupon || Goods.ValueOf(coupon) is not { } value)
                continue;
            Fields.Remove(place.Name);
            Book(EntryKind.Load, coupon.Text, value.MinorUnits);
            return value;
        }

        return null;
    }

    public void Load(Amount amount) => Book(EntryKind.Load, "Load", amount.MinorUnits);

    private void Book(EntryKind kind, string what, long amount)
    {
        Account += amount;
        var time = DateTimeOffset.UnixEpoch.AddDays(_history.Count);
        _history.Add(new HistoryLine(_history.Count, EntryId.New(time), kind, what, amount, Account, Card, time));
    }
}
