using Tessera.Cards.Purse;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Cards.Tests.Purse;

public class PurseWireTests
{
    private const string MovementHex = "31 FFFFFB1E 00000140 A1A2A3A4A5A6A7A8";

    private static readonly Movement Typed = new(
        MoveKind.Debit, MoveTerms.WithoutPin | MoveTerms.Ceiling, -1250, 320, Bytes.FromHex("A1A2A3A4A5A6A7A8"));

    private const string HeadHex = $"0A 03 01020304 05060708 B1B2B3B4B5B6B7B8 {MovementHex}";

    private static readonly Bytes Random = Bytes.FromHex("B1B2B3B4B5B6B7B8");
    private static readonly Bytes Digest = Bytes.FromHex("D1D2D3D4D5D6D7D8");
    private static readonly PurseHead Head = new(
        PurseCondition.PinBlocked | PurseCondition.NumberExhausted, 3, 0x01020304, 0x05060708, Random, Typed);

    private static readonly Bytes Mac = Bytes.FromHex("C1C2C3C4C5C6C7C8");

    [Fact]
    public void Movement() => WireFormat.Holds(Typed, MovementHex);

    [Fact]
    public void No_movement_is_all_zero() => WireFormat.Holds(Cards.Purse.Movement.None, new string('0', 34));

    [Fact]
    public void S1() => WireFormat.Holds(
        PurseState.Of(Head, Mac), $"{HeadHex} C1C2C3C4C5C6C7C8");

    [Fact]
    public void O1() => WireFormat.Holds(
        OfflineState.Of(Head, 0x11121314, 0x21222324, 0x31, Mac), $"{HeadHex} 11121314 21222324 31 C1C2C3C4C5C6C7C8");

    [Fact]
    public void S3() => WireFormat.Holds(
        new PurseReceipt(0x01020304, 0x05060708, Mac), "01020304 05060708 C1C2C3C4C5C6C7C8");

    [Fact]
    public void Proof() => WireFormat.Holds(
        new PurseProof(Typed, Digest, 0x01020304, 0x05060708, Mac),
        $"{MovementHex} D1D2D3D4D5D6D7D8 01020304 05060708 C1C2C3C4C5C6C7C8");

    [Theory]
    [InlineData(MoveKind.Debit, -1570)]
    [InlineData(MoveKind.Load, -930)]
    [InlineData(MoveKind.Adjust, -1250)]
    public void The_balance_changes_by_adjust_and_amount(MoveKind kind, long delta) =>
        Assert.Equal(delta, (Typed with { Kind = kind }).Delta);

    [Fact]
    public void The_greatest_amounts_do_not_overflow()
    {
        Assert.Equal(
            int.MinValue - (long)uint.MaxValue, (Typed with { Adjust = int.MinValue, Amount = uint.MaxValue }).Delta);
        Assert.Equal(
            int.MaxValue + (long)uint.MaxValue,
            (Typed with { Kind = MoveKind.Load, Adjust = int.MaxValue, Amount = uint.MaxValue }).Delta);
    }

    [Fact]
    public void A_code_of_one_direction_is_none_of_another()
    {
        using var key = new SecretKey(new byte[16]);
        using var mac = PurseMac.ForSession(key, new CardId(1), 7, Random, Mac);
        using var proof = PurseMac.ForProof(key, new CardId(1), 7, Mac);
        var head = new PurseHead(PurseCondition.None, 1, 2, 7, Random, Typed);
        Bytes[] codes =
        [
            mac.S1(head, 0x0978),
            mac.S1(head, 0x0840),
            mac.S2(MoveKind.Debit, MoveTerms.PinRequired, 0, 320),
            mac.S2(MoveKind.Load, MoveTerms.PinRequired, 0, 320),
            mac.S2(MoveKind.Debit, MoveTerms.WithoutPin, 0, 320),
            mac.S2(MoveKind.Debit, MoveTerms.PinRequired, 1, 320),
            mac.S2(MoveKind.Debit, MoveTerms.PinRequired, 0, 321),
            mac.S3(Typed, Digest, 2, 8),
            mac.S3(Typed, Digest, 3, 8),
            mac.S3(Typed, Digest, 2, 9),
            mac.S3(Typed, Mac, 2, 8),
            proof.Proof(new PurseProof(Typed, Digest, 2, 8, Mac)),
            proof.Proof(new PurseProof(Typed, Digest, 2, 9, Mac)),
        ];

        Assert.Equal(codes.Length, codes.Distinct().Count());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(21)]
    public void The_log_has_twenty_records(int index) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PurseCommands.ReadLog(index));
}
