using System.Security.Cryptography;
using Tessera.Cards.Store;
using Tessera.Wire;
using Xunit;

namespace Tessera.Cards.Tests.Protocols;

/// <summary>The private field and the ticket of docs/protocols/store.md §9.</summary>
public sealed class SecuredFieldExampleTests : IDisposable
{
    private readonly CardId _card;
    private readonly SecretKey _key;

    public SecuredFieldExampleTests()
    {
        var card = Example.Of("store.md", "store")[0];
        _card = card.Answer("FCI").Read<ApplicationTemplate>().Card;
        _key = new SecretKey(card.Given("card key").Span);
    }

    public void Dispose() => _key.Dispose();

    [Fact]
    public void The_private_field()
    {
        var example = Example.Of("store.md", "secured").Single();
        var content = example.Given("content");
        var command = example.Given("DEFINE").Read<CommandApdu>();
        var define = command.Data.Read<FieldDefine>();
        var read = example.Given("READ").Read<CommandApdu>();
        var answer = example.Answer("field").Read<StoredField>();
        var codes = new FieldCodes(_key, _card, command.P2);
        using var writing = StoreMac.WritingKey(_key, _card, command.P2);
        using var reading = StoreMac.ReadingKey(_key, _card, command.P2);
        using var cipher = StoreMac.CipherKey(_key, _card, command.P2);

        example.Check("WK", writing);
        example.Check("RK", reading);
        example.Check("EK", cipher);
        Assert.Equal(command, StoreCommands.Define(
            command.P2, codes.Define(define.Version, define.Definition, content, isSecured: true), isSecured: true));
        Assert.True(AesCmac.Verify(writing, example.Given("define input").Span, define.Mac.Span));
        var ciphered = content.ToArray();
        AesCtr.Apply(cipher, example.Given("counter").Span, ciphered);
        Assert.Equal(new Bytes(ciphered), define.Content);
        Assert.Equal(
            new FieldDefinition(FieldType.Text, FieldReading.Holder, IsMandatory: true),
            DefinedField.ReadList(example.Answer("fields")).Single().Definition);
        example.Check("LIST", Bytes.Of(StoreCommands.ListDefinitions));
        example.Check("in clear", Bytes.Of(StoreCommands.Read(command.P2, read.Data)));
        Assert.Equal(read, StoreCommands.Read(command.P2, read.Data, isSecured: true));
        Assert.Equal(content, codes.Open(answer, read.Data, isSecured: true)!.Content);
        Assert.True(AesCmac.Verify(reading, example.Given("read input").Span, answer.Mac.Span));
        Assert.Empty(example.Answer("answer").ToArray());
        example.Check("refused", Bytes.Of(StatusWord.SecurityStatusNotSatisfied));
        example.IsCheckedWhole();
    }

    [Fact]
    public void The_ticket()
    {
        var example = Example.Of("store.md", "object").Single();
        var point = example.Given("public key");
        using var key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = point.Span[..32].ToArray(), Y = point.Span[32..].ToArray() },
        });
        var ticket = example.Given("object").Read<SignedObject>();
        var command = example.Given("DEFINE").Read<CommandApdu>();
        var codes = new FieldCodes(_key, _card, command.P2);
        var ofObjects = new FieldDefinition(FieldType.Object, FieldReading.Anybody, IsMandatory: false);

        Assert.True(ticket.IsSignedBy(key, _card));
        Assert.True(key.VerifyData(
            example.Given("signed").Span, ticket.Signature.Span, HashAlgorithmName.SHA256,
            DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
        Assert.Equal((ObjectKind.Ticket, 7u, "Bus to Centre"), (ticket.Kind, ticket.Number, ticket.Text));
        Assert.Equal(
            (new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero), TimeSpan.FromHours(12)),
            (ticket.From, ticket.Until - ticket.From));
        example.Check("DEFINE", Bytes.Of(StoreCommands.Define(command.P2, codes.Define(1, ofObjects, Bytes.Of(ticket)))));
        example.Check("DEFINE again", Bytes.Of(command));
        var removed = example.Answer("field").Read<StoredField>();
        example.Check("REMOVE", Bytes.Of(StoreCommands.Write(command.P2, codes.Write(2, removed.Content))));
        Assert.Equal(new RemovedObject(7, Bytes.FromHex("C1C2C3C4C5C6C7C8")), removed.Content.Read<RemovedObject>());
        var read = example.Given("READ").Read<CommandApdu>();
        Assert.NotNull(codes.Open(removed, read.Data, isSecured: false));
        Assert.Equal((0, 0), (example.Answer("stored").Length, example.Answer("removed").Length));
        example.Check("refused", Bytes.Of(StatusWord.ConditionsNotSatisfied));
        example.IsCheckedWhole();
    }
}
