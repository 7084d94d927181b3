using Tessera.Cards.Store;
using Tessera.Wire;
using Xunit;

namespace Tessera.Cards.Tests.Protocols;

public sealed class StoreExampleTests : IDisposable
{
    private readonly IReadOnlyList<Example> _examples = Example.Of("store.md", "store");
    private readonly ApplicationTemplate _card;
    private readonly SecretKey _key;

    public StoreExampleTests()
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
            _card.KeyVersion, SecretKey.Generate(), new SecretKey(example.Given("master key").Span),
            SecretKey.Generate());
        using var keys = CardKeys.Of(masters, _card.Card);

        example.Check("card key", keys.Store);
        example.Check("SELECT", Bytes.Of(StoreCommands.Select));
        Assert.Equal(StoreCommands.Aid, _card.Aid);
        example.IsCheckedWhole();
    }

    [Fact]
    public void The_fields()
    {
        Assert.Contains(_examples.Skip(1), e => e.Has("WRITE"));
        Assert.Contains(_examples.Skip(1), e => !e.Has("WRITE"));
        foreach (var example in _examples.Skip(1))
        {
            var written = example.Has("WRITE") ? CheckWrite(example) : null;
            CheckRead(example, written);
            example.IsCheckedWhole();
        }
    }

    private FieldWrite CheckWrite(Example example)
    {
        var command = example.Given("WRITE").Read<CommandApdu>();
        var write = command.Data.Read<FieldWrite>();
        using var key = StoreMac.WritingKey(_key, _card.Card, command.P2);

        Assert.Equal(command, StoreCommands.Write(command.P2, write));
        Assert.Empty(example.Answer("answer").ToArray());
        Assert.Equal(write.Mac, StoreMac.Write(key, _card.Card, command.P2, write.Version, write.Content));
        CheckCode(example, 0x52, "WK", key, "write input", write.Mac);
        example.Check("LIST", Bytes.Of(StoreCommands.List));
        Assert.Equal(
            [new FieldVersion(command.P2, write.Version, (byte)write.Content.Length)],
            FieldVersion.ReadList(example.Answer("fields")));
        return write;
    }

    private void CheckRead(Example example, FieldWrite? written)
    {
        var command = example.Given("READ").Read<CommandApdu>();
        var field = example.Answer("field").Read<StoredField>();
        using var key = StoreMac.ReadingKey(_key, _card.Card, command.P2);

        Assert.Equal(command, StoreCommands.Read(command.P2, command.Data));
        Assert.Equal((written?.Version ?? 0, written?.Content ?? Bytes.Empty), (field.Version, field.Content));
        Assert.Equal(
            field.Mac, StoreMac.Read(key, _card.Card, command.P2, field.Version, field.Content, command.Data));
        CheckCode(example, 0x53, "RK", key, "read input", field.Mac);
    }

    /// <summary>The same key and code once more, by nothing but what the document prints.</summary>
    private void CheckCode(Example example, byte constant, string keyName, SecretKey key, string input, Bytes code)
    {
        using var derived = Kdf.DeriveKey(_key, constant, example.Given($"{keyName} context").Span);
        example.Check(keyName, derived);
        example.Check(keyName, key);
        Assert.True(AesCmac.Verify(derived, example.Given(input).Span, code.Span), $"{example.Title}: {input}");
    }
}
