using Tessera.Cards.Purse;
using Tessera.Wire;
using Xunit;

namespace Tessera.Cards.Tests.Protocols;

/// <summary>docs/protocols/purse.md §8, computed once by our own code and once from the inputs that are printed.</summary>
public sealed class OfflineExampleTests : IDisposable
{
    private const ushort Euro = 0x0978;

    private static readonly CardId Card = CardId.Parse("0123456789ABCDEF");

    private readonly IReadOnlyList<Example> _examples = Example.Of("purse.md", "offline");
    private readonly SecretKey _key;
    private readonly SecretKey _offline;

    public OfflineExampleTests()
    {
        _key = new SecretKey(_examples[0].Given("card key").Span);
        _offline = new SecretKey(_examples[0].Given("card offline").Span);
    }

    public void Dispose()
    {
        _key.Dispose();
        _offline.Dispose();
    }

    [Fact]
    public void The_keys()
    {
        var example = _examples[0];
        using var masters = new MasterKeys(
            3, new SecretKey(example.Given("master key").Span), SecretKey.Generate(), SecretKey.Generate());
        using var offline = CardKeys.OfflineMaster(masters.Purse);
        using var keys = CardKeys.Of(masters, Card);

        example.Check("offline", offline);
        example.Check("card offline", keys.Offline);
        example.Check("card key", keys.Purse);
        example.IsCheckedWhole();
    }

    [Fact]
    public void The_orders()
    {
        var orders = _examples.Where(example => example.Has("S2")).ToList();
        Assert.Equal([MoveKind.Allow, MoveKind.Limit], orders.Select(CheckOrder));
    }

    [Fact]
    public void The_debit()
    {
        var example = Assert.Single(_examples, example => example.Has("O1"));
        var nonce = example.Given("INITIALIZE").Read<CommandApdu>().Data;
        var state = example.Answer("O1").Read<OfflineState>();
        var move = example.Given("MOVE").Read<CommandApdu>();
        var answer = example.Answer("O3").Read<OfflineAnswer>();
        var digest = new Bytes(move.Data.Memory[^PurseMac.DigestLength..]);
        Assert.Equal(new Acceptance(7, 41), Acceptance.Of(digest));
        var movement = new Movement(MoveKind.OfflineDebit, MoveTerms.WithoutPin, 0, 320, example.Given("O2"));
        var logged = new LoggedMovement(movement, digest, state.Balance - 320, state.Number + 1);

        example.Check("INITIALIZE", Bytes.Of(PurseCommands.InitializeOffline(nonce)));
        using var mac = PurseMac.ForOffline(_offline, Card, state.Number, state.Random, nonce);
        Assert.Equal(state.Mac, mac.O1(state, Euro));
        example.Check("O2", mac.O2(MoveTerms.WithoutPin, 320, digest));
        example.Check("MOVE", Bytes.Of(PurseCommands.DebitOffline(MoveTerms.WithoutPin, 320, movement.S2, digest)));
        Assert.Equal(
            new OfflineAnswer(logged.Balance, logged.Number, mac.O3(movement, digest, logged.Balance, logged.Number), answer.IssuerMac),
            answer);
        CheckCodes(example, _offline, 0x52, "OK", ("O1", state.Mac), ("O2", movement.S2), ("O3", answer.Mac));

        using var receipt = PurseMac.ForReceipt(_key, Card, logged.Number);
        Assert.Equal(answer.IssuerMac, receipt.Receipt(logged));
        example.Check("RECEIPT", Bytes.Of(PurseCommands.Receipt(logged.Number)));
        Assert.Equal(new ReceiptAnswer(logged, answer.IssuerMac), example.Answer("receipt").Read<ReceiptAnswer>());
        example.Check("handed in", Bytes.Of(new OfflineReceipt(Card, state.KeyVersion, logged, answer.IssuerMac)));
        Assert.Equal(OfflineReceipt.Length, example.Given("handed in").Length);
        CheckCodes(example, _key, 0x53, "RK", ("RC", answer.IssuerMac));
        example.IsCheckedWhole();
    }

    private MoveKind CheckOrder(Example example)
    {
        var nonce = example.Given("INITIALIZE").Read<CommandApdu>().Data;
        var state = example.Answer("S1").Read<PurseState>();
        var move = example.Given("MOVE").Read<CommandApdu>();
        var (kind, amount) = ((MoveKind)move.P1, System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(move.Data.Span[4..]));
        var digest = new Bytes(move.Data.Memory[^PurseMac.DigestLength..]);
        var movement = new Movement(kind, MoveTerms.WithoutPin, 0, amount, example.Given("S2"));
        Assert.True(state.Flags.HasFlag(PurseCondition.Offline));
        Assert.Equal(0, movement.Delta);

        using var mac = PurseMac.ForSession(_key, Card, state.Number, state.Random, nonce);
        Assert.Equal(state.Mac, mac.S1(state, Euro));
        example.Check("S2", mac.S2(kind, MoveTerms.WithoutPin, 0, amount));
        example.Check("S2 input", Bytes.FromHex($"02{(byte)kind:X2}0100000000{amount:X8}{Card}"));
        var s3 = mac.S3(movement, digest, state.Balance, state.Number + 1);
        Assert.Equal(new PurseReceipt(state.Balance, state.Number + 1, s3), example.Answer("S3").Read<PurseReceipt>());
        example.IsCheckedWhole();
        return kind;
    }

    private static void CheckCodes(
        Example example, SecretKey root, byte constant, string keyName, params (string Name, Bytes Mac)[] codes)
    {
        using var key = Kdf.DeriveKey(root, constant, example.Given($"{keyName} context").Span);
        example.Check(keyName, key);
        foreach (var (name, code) in codes)
            Assert.True(AesCmac.Verify(key, example.Given($"{name} input").Span, code.Span), $"{example.Title}: {name}");
    }
}
