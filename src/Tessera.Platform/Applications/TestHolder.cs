using System.Globalization;
using Tessera.Cards;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Money;
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

    public Receipt Pay(Dialogues.Payment payment, Amount amount, string merchant)
    {
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

    public void Load(Amount amount) => Book(EntryKind.Load, "Load", amount.MinorUnits);

    private void Book(EntryKind kind, string what, long amount)
    {
        Account += amount;
        var time = DateTimeOffset.UnixEpoch.AddDays(_history.Count);
        _history.Add(new HistoryLine(_history.Count, EntryId.New(time), kind, what, amount, Account, Card, time));
    }
}
