using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Purse;

/// <summary>docs/protocols/purse.md §8: what a card does without its issuer, and no more.</summary>
public sealed class OfflineTests : IDisposable
{
    private const string Pin = "0020008008313233343536FFFF";
    private const uint Gate = 7;

    private static readonly Bytes Nonce = Bytes.FromHex("A1A2A3A4A5A6A7A8");
    private static readonly Bytes Digest = new Acceptance(Gate, 1).ToDigest();

    private readonly PurseIssuer _issuer = new();
    private readonly SecretKey _master;
    private readonly PurseAcceptor _acceptor;
    private TestCard _card = TestCard.Demonstration();

    public OfflineTests()
    {
        using var masters = DemonstrationKeys.Create();
        _master = CardKeys.OfflineMaster(masters.Purse);
        _acceptor = new PurseAcceptor(_master, DemonstrationKeys.Version, Gate);
        _card.Send(PurseCommands.Select);
        Order(MoveKind.Load, 5000);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _card.Dispose();
        _master.Dispose();
        _issuer.Dispose();
    }

    [Fact]
    public void Nothing_is_debited_offline_before_the_issuer_allows_it()
    {
        Assert.Equal(new StatusWord(0x9403), Debit(1));

        Order(MoveKind.Allow, 1000);

        Assert.Equal(StatusWord.Success, Debit(1));
        Assert.Equal((4999u, 3u, 999u, 2), (State().Balance, State().Number, State().Allowance, State().Unseen));
    }

    [Fact]
    public void No_more_than_the_allowance_and_the_balance()
    {
        Order(MoveKind.Allow, 1000);
        Assert.Equal(StatusWord.Success, Debit(600));
        Assert.Equal(new StatusWord(0x9403), Debit(401));
        Assert.Equal(StatusWord.Success, Debit(400));
        Assert.Equal(new StatusWord(0x9403), Debit(1));

        Order(MoveKind.Allow, 9000);
        Assert.Equal(new StatusWord(0x9401), Debit(4001));
        Assert.Equal(StatusWord.WrongData, Debit(0));
        Assert.Equal((4000u, 9000u), (State().Balance, State().Allowance));
    }

    [Fact]
    public void Twenty_movements_that_the_issuer_has_not_seen_stop_it_and_an_order_goes_on()
    {
        Order(MoveKind.Allow, 4000);
        for (var i = 0; i < 19; i++) Assert.Equal(StatusWord.Success, Debit(1));
        Assert.Equal(PurseCommands.LogRecords, State().Unseen);
        Assert.Equal(new StatusWord(0x9404), Debit(1));
        for (var number = 2u; number <= 21; number++)
            Assert.True(_issuer.IsGenuine(_card.Send(PurseCommands.Prove(Nonce, number)).Data.Read<PurseProof>(), Nonce));

        Order(MoveKind.Adjust, 0);

        Assert.Equal(1, State().Unseen);
        Assert.Equal(StatusWord.Success, Debit(1));
    }

    [Fact]
    public void Above_the_threshold_every_debit_wants_the_PIN()
    {
        Order(MoveKind.Allow, 4000);
        Order(MoveKind.Limit, 500);
        Assert.Equal(StatusWord.Success, Debit(500));
        Assert.Equal(StatusWord.SecurityStatusNotSatisfied, Debit(501));
        Assert.Equal(StatusWord.SecurityStatusNotSatisfied, Debit(1, MoveTerms.PinRequired));
        Assert.Equal(StatusWord.SecurityStatusNotSatisfied, Move(MoveKind.Debit, 501));
        Assert.Equal(StatusWord.Success, Move(MoveKind.Debit, 500));
        Assert.Equal(StatusWord.Success, Move(MoveKind.Load, 501));

        Assert.Equal("9000", _card.Send(Pin));

        Assert.Equal(StatusWord.Success, Debit(501));
        Assert.Equal(StatusWord.Success, Debit(600, MoveTerms.PinRequired));
        Assert.Equal(StatusWord.Success, Move(MoveKind.Debit, 501));
    }

    [Fact]
    public void A_card_can_be_made_with_a_threshold()
    {
        using var made = Personalisation.Demonstration(TestCard.Id);
        using var card = TestCard.Open(TestCard.NewImage(new Personalisation
        {
            Card = made.Card,
            Keys = made.Keys,
            KeyVersion = made.KeyVersion,
            Pin = made.Pin,
            Puk = made.Puk,
            GreatestWithoutPin = 200,
        }));
        card.Send(PurseCommands.Select);

        var state = card.Send(PurseCommands.InitializeOffline(Nonce)).Data.Read<OfflineState>();

        Assert.Equal((200u, 0u, 0), (state.GreatestWithoutPin, state.Allowance, state.Unseen));
    }

    [Fact]
    public void Each_side_authorises_its_own_movements_only()
    {
        Order(MoveKind.Allow, 4000);
        var o1 = Initialize();
        Assert.Equal(
            StatusWord.ConditionsNotSatisfied,
            _card.Send(PurseCommands.Complete(
                PurseCommands.Move(MoveKind.Load, MoveTerms.WithoutPin, 0, 100, Nonce), null, Digest)).Status);
        var s1 = _card.Send(PurseCommands.Initialize(Nonce)).Data.Read<PurseState>();
        Assert.Equal(
            StatusWord.ConditionsNotSatisfied,
            _card.Send(_issuer.AcceptOffline(o1, Nonce, MoveTerms.WithoutPin, 1, Digest)).Status);
        Assert.Equal(2u, s1.Number);

        // The issuer's own S2 opens nothing offline, and what was initialized before is dead.
        var again = Initialize();
        Assert.Equal(
            new StatusWord(0x6988),
            _card.Send(_issuer.AcceptOffline(o1, Nonce, MoveTerms.WithoutPin, 1, Digest)).Status);
        Assert.NotEqual(o1.Random, again.Random);
        Assert.Equal(2u, State().Number);
    }

    [Fact]
    public void A_deactivated_purse_pays_nothing_offline()
    {
        Order(MoveKind.Allow, 4000);
        Order(MoveKind.Deactivate, 0);
        Assert.Equal(StatusWord.ConditionsNotSatisfied, Debit(1));
        Assert.Equal(StatusWord.ConditionsNotSatisfied, Move(MoveKind.Allow, 1));
        Order(MoveKind.Reactivate, 0);
        Assert.Equal(StatusWord.Success, Debit(1));
    }

    [Theory]
    [InlineData("8050010007A1A2A3A4A5A6A700", "6700")]
    [InlineData("8050010108A1A2A3A4A5A6A7A800", "6A86")]
    [InlineData("805800000400000001", "6A83")]
    [InlineData("805800000400000002", "6A83")]
    [InlineData("8058000003000001", "6700")]
    [InlineData("805801000400000001", "6A86")]
    [InlineData("8054080218000000000000000100000000000000000000000000000000", "6700")]
    [InlineData("8054060018000000000000000100000000000000000000000000000000", "6A86")]
    public void Refuses(string command, string answer) => Assert.Equal(answer, _card.Send(command));

    [Fact]
    public void A_card_that_was_made_before_knows_nothing_of_it()
    {
        var image = _card.Image;
        _card.Dispose();
        _card = TestCard.Open(EarlierImage.Of(image));
        _card.Send(PurseCommands.Select);

        Assert.False(_card.Send(PurseCommands.Initialize(Nonce)).Data.Read<PurseState>().Flags.HasFlag(PurseCondition.Offline));
        Assert.Equal(StatusWord.IncorrectP1P2, _card.Send(PurseCommands.InitializeOffline(Nonce)).Status);
        Assert.Equal(StatusWord.IncorrectP1P2, Move(MoveKind.Allow, 1));
        Assert.Equal("6D00", _card.Send("805800000400000001"));
        Assert.Equal(StatusWord.Success, Move(MoveKind.Debit, 10));
    }

    [Fact]
    public async Task An_acceptor_takes_a_debit_and_has_a_receipt_that_only_the_card_can_make()
    {
        Order(MoveKind.Allow, 1000);
        var purse = (await PurseClient.SelectAsync(_card, Cancel))!;

        var receipt = await _acceptor.TakeAsync(
            purse, await _acceptor.AuthoriseAsync(purse, 320, 41, verified: false, Cancel), Cancel);

        var logged = new LoggedMovement(receipt.Movement.Movement, new Acceptance(Gate, 41).ToDigest(), 4680, 3);
        Assert.Equal((TestCard.Id, logged), (receipt.Card, receipt.Movement));
        Assert.Equal(receipt.Mac, _card.Send(PurseCommands.Receipt(3)).Data.Read<ReceiptAnswer>().Mac);
        Assert.Equal(logged, _card.Send(PurseCommands.ReadLog(1)).Data.Read<LoggedMovement>());
    }

    [Theory]
    [InlineData(1001u, "1001 of 1000 that may be spent offline.")]
    [InlineData(501u, "501 needs the PIN: 500 at most go without.")]
    public async Task An_acceptor_is_told_why_not(uint amount, string why)
    {
        Order(MoveKind.Allow, 1000);
        Order(MoveKind.Limit, 500);
        var purse = (await PurseClient.SelectAsync(_card, Cancel))!;

        var refused = await Assert.ThrowsAsync<OfflineRefusedException>(
            () => _acceptor.AuthoriseAsync(purse, amount, 1, verified: false, Cancel));

        Assert.Equal(why, refused.Message);
    }

    [Fact]
    public async Task A_key_of_another_issuer_is_none()
    {
        Order(MoveKind.Allow, 1000);
        var purse = (await PurseClient.SelectAsync(_card, Cancel))!;
        using var wrong = new SecretKey(new byte[16]);
        var stranger = new PurseAcceptor(wrong, DemonstrationKeys.Version, Gate);

        await Assert.ThrowsAsync<OfflineRefusedException>(() => stranger.AuthoriseAsync(purse, 1, 1, false, Cancel));
        await Assert.ThrowsAsync<OfflineRefusedException>(
            () => new PurseAcceptor(_master, 1, Gate).AuthoriseAsync(purse, 1, 1, false, Cancel));
    }

    [Fact]
    public async Task A_cut_debit_was_taken_whole_or_not_at_all_and_the_acceptor_can_tell()
    {
        Order(MoveKind.Allow, 1000);
        var (done, notDone) = (0, 0);
        for (var step = 0; ; step++)
        {
            var medium = new CutMedium(_card.Image);
            using var card = TestCard.Open(medium);
            var purse = (await PurseClient.SelectAsync(card, Cancel))!;
            var debit = await _acceptor.AuthoriseAsync(purse, 320, 1, verified: false, Cancel);
            medium.CutAfter(step, length => length / 2);
            try
            {
                await _acceptor.TakeAsync(purse, debit, Cancel);
                break;
            }
            catch (PowerLostException)
            {
                // What became of it is what this is about.
            }

            using var back = TestCard.Open(medium.Image);
            var again = (await PurseClient.SelectAsync(back, Cancel))!;
            var receipt = await _acceptor.SettleAsync(again, debit, Cancel);
            var taken = (await again.BalanceAsync(Cancel)).Balance == 4680;
            Assert.Equal(taken, receipt is not null);
            if (taken) done++;
            else notDone++;
        }

        Assert.True(done > 1 && notDone > 0, $"{done} done, {notDone} not done");
    }

    private void Order(MoveKind kind, uint amount) => Assert.Equal(StatusWord.Success, Move(kind, amount));

    private StatusWord Move(MoveKind kind, uint amount)
    {
        var s1 = _card.Send(PurseCommands.Initialize(Nonce)).Data.Read<PurseState>();
        var movement = new Movement(kind, MoveTerms.WithoutPin, 0, amount, Bytes.Empty);
        return _card.Send(_issuer.Authorise(s1, Nonce, movement, Digest)).Status;
    }

    private OfflineState Initialize()
    {
        var state = _card.Send(PurseCommands.InitializeOffline(Nonce)).Data.Read<OfflineState>();
        Assert.True(_issuer.IsGenuine(state, Nonce));
        return state;
    }

    private OfflineState State() => Initialize();

    private StatusWord Debit(uint amount, MoveTerms terms = MoveTerms.WithoutPin)
    {
        var state = Initialize();
        return _card.Send(_issuer.AcceptOffline(state, Nonce, terms, amount, Digest)).Status;
    }
}
