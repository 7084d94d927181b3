using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.Wire;
using Xunit;

namespace Tessera.Cards.Tests.Protocols;

public sealed class PurseExampleTests : IDisposable
{
    private readonly IReadOnlyList<Example> _examples = Example.Of("purse.md", "purse");
    private readonly ApplicationTemplate _card;
    private readonly SecretKey _key;

    public PurseExampleTests()
    {
        _card = _examples[0].Answer("FCI").Read<ApplicationTemplate>();
        _key = new SecretKey(_examples[0].Given("card key").Span);
    }

    public void Dispose() => _key.Dispose();

    [Fact]
    public void The_card()
    {
        var example = _examples[0];
        using var masters = new MasterKeys(
            _card.KeyVersion, new SecretKey(example.Given("master key").Span), SecretKey.Generate(), SecretKey.Generate());
        using var keys = CardKeys.Of(masters, _card.Card);

        example.Check("card key", keys.Purse);
        example.Check("SELECT", Bytes.Of(PurseCommands.Select));
        Assert.Equal(PurseCommands.Aid, _card.Aid);
        example.IsCheckedWhole();
    }

    [Fact]
    public void The_movements()
    {
        Assert.True(_examples.Count >= 3);
        Assert.Contains(
            _examples.Skip(1),
            e => e.Given("MOVE").Read<CommandApdu>().Data.Length == PurseCommands.CeilingMoveLength);
        foreach (var example in _examples.Skip(1)) Check(example);
    }

    [Fact]
    public void The_sale()
    {
        var example = Assert.Single(Example.Of("purse.md", "goods"));
        var field = Assert.Single(GoodsField.ReadList(Parse(example.Given("MOVE").Read<CommandApdu>()).Goods));
        Assert.Equal((0xE1, FieldType.Object), (field.Field, field.Definition.Type));
        Assert.Equal("Bus to Centre", field.Content.Read<SignedObject>().Text);
        Check(example);
    }

    private void Check(Example example)
    {
        var nonce = example.Given("INITIALIZE").Read<CommandApdu>().Data;
        var state = example.Answer("S1").Read<PurseState>();
        var (move, movement, digest, goods) = Parse(example.Given("MOVE").Read<CommandApdu>());
        var receipt = example.Answer("S3").Read<PurseReceipt>();
        Assert.Equal(state.Balance + movement.Delta, receipt.Balance);
        Assert.Equal(state.Number + 1, receipt.Number);

        example.Check("INITIALIZE", Bytes.Of(PurseCommands.Initialize(nonce)));
        using var mac = PurseMac.ForSession(_key, _card.Card, state.Number, state.Random, nonce);
        Assert.Equal(state.Mac, mac.S1(state, _card.Purse!.Currency));
        example.Check("S2", mac.S2(movement.Kind, movement.Terms, movement.Adjust, Limit(move), goods));
        Assert.Equal(movement.S2, example.Given("S2"));
        Assert.Equal(receipt.Mac, mac.S3(movement, digest, receipt.Balance, receipt.Number, goods));
        CheckCodes(example, 0x50, "SK", ("S1", state.Mac), ("S2", movement.S2), ("S3", receipt.Mac));

        CheckProof(example, new LoggedMovement(movement, digest, receipt.Balance, receipt.Number));
        example.IsCheckedWhole();
    }

    private void CheckProof(Example example, LoggedMovement logged)
    {
        var nonce = new Bytes(example.Given("PROVE").Read<CommandApdu>().Data.Memory[..PurseMac.NonceLength]);
        var proof = example.Answer("proof").Read<PurseProof>();

        example.Check("PROVE", Bytes.Of(PurseCommands.Prove(nonce, logged.Number)));
        Assert.Equal(logged, new LoggedMovement(proof.Movement, proof.Digest, proof.Balance, proof.Number));
        using var mac = PurseMac.ForProof(_key, _card.Card, logged.Number, nonce);
        Assert.Equal(proof.Mac, mac.Proof(proof));
        CheckCodes(example, 0x51, "PK", ("proof", proof.Mac));
    }

    /// <summary>The same codes once more, by nothing but the inputs that the document prints.</summary>
    private void CheckCodes(Example example, byte constant, string keyName, params (string Name, Bytes Mac)[] codes)
    {
        using var key = Kdf.DeriveKey(_key, constant, example.Given($"{keyName} context").Span);
        example.Check(keyName, key);
        foreach (var (name, code) in codes)
        {
            var input = example.Given($"{name} input");
            Assert.True(AesCmac.Verify(key, input.Span, code.Span), $"{example.Title}: {name}");
        }
    }

    private static (CommandApdu Move, Movement Movement, Bytes Digest, Bytes Goods) Parse(CommandApdu command)
    {
        var terms = (MoveTerms)command.P2;
        var reader = new ByteReader(command.Data.Span);
        var adjust = reader.ReadInt32("adjust");
        var limit = reader.ReadUInt32("amount or ceiling");
        var s2 = reader.ReadBytes(PurseMac.Length, "S2");
        uint? amount = terms.HasFlag(MoveTerms.Ceiling) ? reader.ReadUInt32("amount") : null;
        var goods = reader.ReadBytes(reader.Remaining - PurseMac.DigestLength, "goods");
        var digest = reader.ReadBytes(PurseMac.DigestLength, "digest");

        var move = PurseCommands.Move((MoveKind)command.P1, terms, adjust, limit, s2, goods);
        Assert.Equal(command, PurseCommands.Complete(move, amount, digest));
        return (move, new Movement((MoveKind)command.P1, terms, adjust, amount ?? limit, s2), digest, goods);
    }

    private static uint Limit(CommandApdu move) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(move.Data.Span[4..8]);
}
