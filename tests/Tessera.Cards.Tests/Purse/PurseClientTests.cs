using Tessera.Cards.Purse;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Cards.Tests.Purse;

public class PurseClientTests
{
    private const string Select = "00A40400 09 F05445535345524101 00";
    private const string Fci =
        "6F27 8409F05445535345524101 A51A C00101 C1080123456789ABCDEF C2020978 C30103 C4040000C350 9000";

    private const string Logged = "01FFFFFB1E00000140A1A2A3A4A5A6A7A8 D1D2D3D4D5D6D7D8 00000D7A 00000007";

    private const string S3 = "00000D7A 00000007 5152535455565758";

    private static readonly Movement Debit = new(
        MoveKind.Debit, MoveTerms.PinRequired, -1250, 320, Bytes.FromHex("A1A2A3A4A5A6A7A8"));

    private static readonly Bytes Digest = Bytes.FromHex("D1D2D3D4D5D6D7D8");
    private static readonly Bytes Nonce = Bytes.FromHex("E1E2E3E4E5E6E7E8");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Balance() => WireFormat.Holds(new PurseBalance(3450, 7), "00000D7A 00000007");

    [Fact]
    public void Logged_movement() => WireFormat.Holds(new LoggedMovement(Debit, Digest, 3450, 7), Logged);

    [Fact]
    public async Task Shows_balance_and_log_of_a_selected_purse()
    {
        var card = new ScriptedCard(
            (Select, Fci),
            ("805C000000", "00000D7A 00000007 9000"),
            ("00B2010400", Logged + " 9000"),
            ("00B2020400", "6A83"));

        var purse = await PurseClient.SelectAsync(card, Cancel);

        Assert.NotNull(purse);
        Assert.Equal(new PurseTraits(0x0978, 50000), purse.Traits);
        Assert.Equal(CardId.Parse("0123456789ABCDEF"), purse.Template.Card);
        Assert.Equal(new PurseBalance(3450, 7), await purse.BalanceAsync(Cancel));
        Assert.Equal([new LoggedMovement(Debit, Digest, 3450, 7)], await purse.LogAsync(Cancel));
        card.HasAnsweredAll();
    }

    [Fact]
    public async Task Moves_and_proves()
    {
        var card = new ScriptedCard(
            (Select, Fci),
            ("80540100 18 FFFFFB1E 00000140 A1A2A3A4A5A6A7A8 D1D2D3D4D5D6D7D8 00", S3 + " 9000"),
            ("80540103 1C FFFFFB1E 00000140 A1A2A3A4A5A6A7A8 000000FA D1D2D3D4D5D6D7D8 00", "9401"),
            ("805A0000 0C E1E2E3E4E5E6E7E8 00000007 00", Logged + " 6162636465666768 9000"),
            ("805A0000 0C E1E2E3E4E5E6E7E8 00000008 00", "6A83"),
            ("805E0000", "9000"));
        var purse = (await PurseClient.SelectAsync(card, Cancel))!;
        var move = PurseCommands.Move(MoveKind.Debit, Debit.Terms, Debit.Adjust, Debit.Amount, Debit.S2);
        var typed = PurseCommands.Move(MoveKind.Debit, MoveTerms.Ceiling | MoveTerms.WithoutPin, -1250, 320, Debit.S2);

        Assert.Equal(Bytes.FromHex(S3).Read<PurseReceipt>(), await purse.MoveAsync(move, null, Digest, Cancel));
        var refused = await Assert.ThrowsAsync<CardStatusException>(() => purse.MoveAsync(typed, 250, Digest, Cancel));
        Assert.Equal(new StatusWord(0x9401), refused.Status);
        Assert.Equal(
            new PurseProof(Debit, Digest, 3450, 7, Bytes.FromHex("6162636465666768")),
            await purse.ProveAsync(Nonce, 7, Cancel));
        Assert.Null(await purse.ProveAsync(Nonce, 8, Cancel));
        await purse.EndAsync(Cancel);
        card.HasAnsweredAll();
    }

    [Fact]
    public void An_amount_goes_with_a_ceiling_and_a_digest_has_eight_octets()
    {
        var move = PurseCommands.Move(MoveKind.Debit, MoveTerms.PinRequired, 0, 320, Debit.S2);
        var typed = PurseCommands.Move(MoveKind.Debit, MoveTerms.Ceiling, 0, 320, Debit.S2);

        Assert.Throws<ArgumentException>(() => PurseCommands.Complete(move, 320, Digest));
        Assert.Throws<ArgumentException>(() => PurseCommands.Complete(typed, null, Digest));
        Assert.Throws<ArgumentException>(() => PurseCommands.Complete(move, null, Bytes.FromHex("D1D2D3D4D5D6D7")));
    }

    [Fact]
    public async Task A_card_without_a_purse_is_no_error() =>
        Assert.Null(await PurseClient.SelectAsync(new ScriptedCard((Select, "6A82")), Cancel));

    [Theory]
    [InlineData("6F1D 8409F05445535345524102 A510 C00101 C1080123456789ABCDEF C30103 9000")]
    [InlineData("6F1D 8409F05445535345524101 A510 C00101 C1080123456789ABCDEF C30103 9000")]
    [InlineData("9000")]
    public async Task Refuses_what_is_no_purse(string answer) => await Assert.ThrowsAsync<WireFormatException>(
        () => PurseClient.SelectAsync(new ScriptedCard((Select, answer)), Cancel));
}
