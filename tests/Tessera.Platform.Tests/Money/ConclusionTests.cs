using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Wire;
using Xunit;

namespace Tessera.Platform.Tests.Money;

/// <summary>docs/protocols/purse.md §5 as a table.</summary>
public class ConclusionTests
{
    private static readonly IntentId This = new(Guid.Parse("11111111-1111-1111-1111-111111111111"));
    private static readonly IntentId Earlier = new(Guid.Parse("22222222-2222-2222-2222-222222222222"));
    private static readonly Bytes S2 = Bytes.FromHex("A1A2A3A4A5A6A7A8");
    private static readonly Bytes LastS2 = Bytes.FromHex("B1B2B3B4B5B6B7B8");

    private static readonly AuthorisedMove Exact = new(Alternative.Debit(30, "shop", "bread"), 5, S2);
    private static readonly AuthorisedMove Typed = new(Alternative.Debit(30, "shop", "call", MoveTerms.Ceiling), 5, S2);

    private static readonly Movement Before = new(MoveKind.Load, MoveTerms.WithoutPin, 0, 100, LastS2);

    public enum Nonce
    {
        Own,
        Before,
        AfterEarlier,
        AfterThis,
    }

    /// <summary>The book is at number 7, balance 100.</summary>
    [Theory]
    [InlineData(7, 100, Nonce.Own, false, "Agrees")]
    [InlineData(7, 100, Nonce.Before, false, "Agrees")]
    [InlineData(7, 101, Nonce.Own, false, "Impossible")]
    [InlineData(7, 99, Nonce.AfterThis, true, "Impossible")]
    [InlineData(7, 100, Nonce.Own, true, "Open")]
    [InlineData(7, 100, Nonce.Before, true, "Open")]
    [InlineData(7, 100, Nonce.AfterEarlier, true, "Open")]
    [InlineData(7, 100, Nonce.AfterThis, true, "NotDone")]
    [InlineData(6, 100, Nonce.Own, true, "Stale")]
    [InlineData(6, 100, Nonce.Own, false, "Stale")]
    [InlineData(6, 100, Nonce.Before, true, "Stale")]
    [InlineData(5, 100, Nonce.Before, true, "Impossible")]
    [InlineData(6, 100, Nonce.AfterThis, true, "Impossible")]
    [InlineData(8, 75, Nonce.Own, true, "Impossible")]
    [InlineData(9, 75, Nonce.AfterThis, true, "Impossible")]
    public void With_the_last_booked_movement(uint number, uint balance, Nonce nonce, bool open, string conclusion) =>
        Assert.Equal(conclusion, Draw(number, balance, Before, nonce, open ? Exact : null));

    [Theory]
    [InlineData(8, 75, Nonce.Own, true, "Done")]
    [InlineData(8, 75, Nonce.AfterThis, true, "Done")]
    [InlineData(8, 75, Nonce.AfterThis, false, "Impossible")]
    [InlineData(8, 76, Nonce.AfterThis, true, "Impossible")]
    [InlineData(7, 100, Nonce.AfterThis, true, "Impossible")]
    [InlineData(9, 75, Nonce.AfterThis, true, "Impossible")]
    public void With_the_movement_of_the_intent(uint number, uint balance, Nonce nonce, bool open, string conclusion) =>
        Assert.Equal(conclusion, Draw(number, balance, Exact.With(30), nonce, open ? Exact : null));

    [Theory]
    [InlineData(30, 75, "Done")]
    [InlineData(10, 95, "Done")]
    [InlineData(31, 74, "Impossible")]
    public void With_a_typed_amount(uint amount, uint balance, string conclusion) =>
        Assert.Equal(conclusion, Draw(8, balance, Typed.With(amount), Nonce.AfterThis, Typed));

    [Fact]
    public void With_a_movement_that_is_not_quite_the_intent()
    {
        Movement[] others =
        [
            Exact.With(30) with { S2 = LastS2 }, Exact.With(30) with { Terms = MoveTerms.WithoutPin },
            Exact.With(30) with { Kind = MoveKind.Adjust, Amount = 30 }, Exact.With(29),
        ];

        foreach (var other in others)
            Assert.Equal("Impossible", Draw(8, (uint)(100 + other.Delta), other, Nonce.AfterThis, Exact));
    }

    private static string Draw(uint number, uint balance, Movement last, Nonce nonce, AuthorisedMove? open)
    {
        var s1 = new PurseState(PurseCondition.None, 1, balance, number, Bytes.Empty, last, Bytes.Empty);
        var card = new CardRegistration(
            new CardId(1), new HolderId(Guid.Empty), CardKind.Iso, [], 1, 0x0978, 1000, CardState.Active, default);
        var issued = nonce switch
        {
            Nonce.Own => null,
            Nonce.Before => new IssuedNonce(Bytes.Empty, null, 6),
            Nonce.AfterEarlier => new IssuedNonce(Bytes.Empty, Earlier, 7),
            _ => new IssuedNonce(Bytes.Empty, This, 7),
        };
        var intent = open is null
            ? null
            : new Intent(
                This, card.Holder, card.Card, 8, Bytes.Empty, s1, [open], 30, Bytes.Empty, default, IntentState.Unknown,
                Suspended: false, default, null);
        return Conclusions.Draw(s1, issued, new CardCopy(card, 100, 7, LastS2, 0, 5), intent).ToString();
    }
}
