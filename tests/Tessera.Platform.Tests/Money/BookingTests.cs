using FsCheck;
using FsCheck.Fluent;
using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Wire;
using Xunit;

namespace Tessera.Platform.Tests.Money;

/// <summary>
/// Every booking leaves proven balance + pending + in flight = account, for every card, whatever it was before.
/// </summary>
public class BookingTests
{
    private const ushort Euro = 0x0978;

    private static readonly HolderId Holder = new(Guid.Parse("11111111-1111-1111-1111-111111111111"));
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;
    private static readonly Evidence Seen = new(EvidenceKind.State, Bytes.Empty, Bytes.Empty);

    [Fact]
    public void A_load_keeps_the_copies() => Holds((purse, amount) =>
        purse.Load(amount + 1u, AccountId.Funding("cash", Euro), "", "k", Now));

    [Fact]
    public void A_new_card_keeps_the_copies() => Holds((purse, _) => purse.Begin(new CardId(9), Now));

    [Fact]
    public void A_debit_keeps_the_copies() => Holds((purse, amount) =>
    {
        var intent = purse.Open[0];
        var movement = intent.Moves[0].With(Math.Min(amount, intent.Moves[0].Amount));
        var balance = (uint)(purse.Copies[0].Balance + movement.Delta);
        return purse.Done(intent, 0, movement, balance, Bytes.Empty, Seen, late: false, Now);
    });

    [Fact]
    public void No_debit_keeps_the_copies() => Holds((purse, _) => purse.NotDone(purse.Open[0], Now));

    [Fact]
    public void A_revocation_keeps_the_copies() => Holds((purse, _) => purse.Revoke(new CardId(1), new CardId(9), Now));

    [Fact]
    public void An_unexplained_movement_keeps_the_copies() => Holds((purse, amount) =>
    {
        var adjust = (int)(purse.Account - purse.Copies[0].Balance) + amount;
        var movement = new Movement(MoveKind.Debit, MoveTerms.WithoutPin, adjust, amount, Bytes.Empty);
        var balance = (uint)(purse.Copies[0].Balance + movement.Delta);
        return purse.Unexplained(
            purse.Open[0], new PurseProof(movement, Bytes.Empty, balance, 8, Bytes.Empty), Seen, Now);
    });

    /// <summary>Card 1 has an open intent that carries its adds; card 2 has pending adds.</summary>
    private static void Holds(Func<HolderPurse, ushort, Booking> book) => Prop.ForAll(
        ArbMap.Default.ArbFor<(ushort Account, ushort First, ushort Second, ushort Amount)>(), some =>
        {
            var account = (long)some.Account;
            var debit = Alternative.Debit(some.Account, "shop", "", MoveTerms.Ceiling);
            var intent = new Intent(
                new IntentId(Guid.Empty), Holder, new CardId(1), 8, Bytes.Empty,
                new PurseState(default, 1, some.First, 7, Bytes.Empty, Movement.None, Bytes.Empty),
                [new AuthorisedMove(debit, (int)(account - some.First), Bytes.Empty)], some.Account, Bytes.Empty,
                default, IntentState.Unknown, Suspended: false, Now, null);
            var purse = new HolderPurse(
                Holder, Euro, 1, account,
                [Copy(1, some.First, 0, account - some.First), Copy(2, some.Second, account - some.Second, 0)],
                [intent]);
            Check(book(purse, some.Amount));
        }).QuickCheckThrowOnFailure();

    private static CardCopy Copy(ulong card, uint balance, long pending, long inFlight) => new(
        new CardRegistration(
            new CardId(card), Holder, CardKind.Iso, [], 1, Euro, uint.MaxValue, CardState.Active, Now),
        balance, 7, Bytes.Empty, pending, inFlight);

    private static void Check(Booking booking)
    {
        var purse = booking.Basis;
        var account = purse.Account + (booking.Entry?.To(purse.AccountId) ?? 0);
        Assert.True(account >= 0);
        var copies = purse.Copies.Where(copy => copy.Card != booking.Revoked).Select(copy => copy.Card).ToList();
        if (booking.Copy is { } step && !copies.Contains(step.Card)) copies.Add(step.Card);
        foreach (var card in copies)
        {
            var (before, now) = (purse.CopyOf(card), booking.Copy?.Card == card ? booking.Copy : null);
            var balance = now?.Balance ?? before!.Balance;
            var downloaded = booking.Step is { State: IntentState.Done } && purse.OpenOf(card) is not null;
            var underWay = (before?.Pending ?? 0) + (downloaded ? 0 : before?.InFlight ?? 0);
            var added = booking.Adds?.Deliveries.Where(add => add.Card == card).Sum(add => add.Amount) ?? 0;
            Assert.Equal(account, balance + underWay + added);
        }
    }
}
