using System.Globalization;
using Tessera.Cards;
using Tessera.Cards.Atr;
using Tessera.Cards.Pins;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.Cli.Store;
using Tessera.Platform.Views;
using Tessera.Wire;

namespace Tessera.Cli;

/// <summary>All that a card tells of itself without keys and without a PIN.</summary>
/// <param name="Card">16 hexadecimal digits, null where no application of ours is on the card.</param>
/// <param name="PinTriesLeft">0 when it is blocked, null when the card does not say.</param>
internal sealed record CardReport(
    string Reader, AtrReport Atr, string? Card, PurseReport? Purse, int? PinTriesLeft, StoreReport? Store)
{
    /// <summary>Asks the card; afterwards the store is selected, or the purse where there is no store.</summary>
    public static async Task<CardReport> ReadAsync(CardAtHand card, CancellationToken cancel)
    {
        var purse = await UnlessRefusedAsync(PurseClient.SelectAsync(card.Channel, cancel));
        var (state, tries) = purse is null
            ? (null, null)
            : (PurseReport.Of(purse, await purse.BalanceAsync(cancel)), await TriesLeftAsync(card.Channel, cancel));
        var store = await UnlessRefusedAsync(StoreClient.SelectAsync(card.Channel, cancel));
        var fields = store is null ? null : await StoreReport.ReadAsync(store, cancel);
        var id = purse?.Template.Card ?? store?.Template.Card;
        return new CardReport(card.Reader, AtrReport.Of(card.Atr), id?.ToString(), state, tries, fields);
    }

    public IEnumerable<string> Lines() =>
    [
        $"Reader         {Reader}",
        $"Card           {Card ?? "no application of Tessera"}",
        .. Atr.Lines(),
        .. Purse?.Lines() ?? [],
        .. PinLines(),
        .. Store?.Lines() ?? [],
    ];

    /// <summary>Foreign cards refuse SELECT in many ways; each means that the application is not there.</summary>
    private static async Task<T?> UnlessRefusedAsync<T>(Task<T?> selecting) where T : class
    {
        try
        {
            return await selecting;
        }
        catch (CardStatusException)
        {
            return null;
        }
    }

    private IEnumerable<string> PinLines()
    {
        if (PinTriesLeft is { } tries) yield return $"PIN            {tries} tries left";
    }

    /// <summary>The status query of VERIFY; a verified PIN has all its tries, but that is not said.</summary>
    private static async Task<int?> TriesLeftAsync(CardChannel card, CancellationToken cancel)
    {
        var status = (await card.TransmitAsync(PinCommands.Status, cancel)).Status;
        return status == StatusWord.AuthenticationBlocked ? 0 : status.TriesLeft;
    }
}

/// <summary>An answer to reset, decoded as far as it is one.</summary>
/// <param name="Fault">What is wrong with it; null where it is whole.</param>
internal sealed record AtrReport(
    string Octets, IReadOnlyList<int> Protocols, string Historical, bool CommandChaining, bool ExtendedLengths,
    string? Fault = null)
{
    public static AtrReport Of(Bytes octets)
    {
        try
        {
            var atr = octets.Read<AnswerToReset>();
            return new AtrReport(
                octets.ToString(), atr.Protocols, atr.Historical.ToString(),
                atr.Capabilities is { CommandChaining: true }, atr.Capabilities is { ExtendedLengths: true });
        }
        catch (WireFormatException e)
        {
            return new AtrReport(octets.ToString(), [], "", false, false, e.Message);
        }
    }

    public IEnumerable<string> Lines()
    {
        yield return $"ATR            {Octets}";
        if (Fault is not null)
        {
            yield return $"  not to be read: {Fault}";
            yield break;
        }

        yield return $"  protocols    {string.Join(", ", Protocols.Select(t => $"T={t}"))}";
        yield return $"  historical   {Historical}";
        yield return $"  long data    {(CommandChaining, ExtendedLengths) switch
        {
            (true, true) => "command chaining and extended lengths",
            (true, false) => "command chaining",
            (false, true) => "extended lengths",
            _ => "not announced",
        }}";
    }
}

/// <summary>A purse for display: nothing here is proven. Amounts are minor units.</summary>
internal sealed record PurseReport(string Currency, int KeyVersion, uint GreatestBalance, uint Balance, uint Number)
{
    public static PurseReport Of(PurseClient purse, PurseBalance balance) => new(
        (purse.Traits.Currency & 0xFFF).ToString("X3", CultureInfo.InvariantCulture), purse.Template.KeyVersion,
        purse.Traits.GreatestBalance, balance.Balance, balance.Number);

    public IEnumerable<string> Lines() =>
    [
        $"Purse          key version {KeyVersion:X2}",
        $"  currency     {Currency}",
        $"  balance      {Amount.Text(Balance)}",
        $"  at most      {Amount.Text(GreatestBalance)}",
        $"  movements    {Number}",
    ];
}
