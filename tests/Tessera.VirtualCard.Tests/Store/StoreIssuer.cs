using Tessera.Cards;
using Tessera.Cards.Store;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Store;

/// <summary>The issuer's half of the store of the demonstration card.</summary>
internal sealed class StoreIssuer : IDisposable
{
    private readonly CardKeys _keys;

    public StoreIssuer()
    {
        using var masters = DemonstrationKeys.Create();
        _keys = CardKeys.Of(masters, TestCard.Id);
    }

    public FieldCodes this[byte field] => new(_keys.Store, TestCard.Id, field);

    public CommandApdu Write(byte field, ushort version, Bytes content, bool isSecured = false) =>
        StoreCommands.Write(field, this[field].Write(version, content, isSecured), isSecured);

    public CommandApdu Define(
        byte field, ushort version, FieldDefinition definition, Bytes content, bool isSecured = false) =>
        StoreCommands.Define(field, this[field].Define(version, definition, content, isSecured), isSecured);

    /// <summary>Version and content as the card proves them, ciphered on their way.</summary>
    public (ushort Version, Bytes Content) Proven(TestCard card, byte field, Bytes nonce)
    {
        var answer = card.Send(StoreCommands.Read(field, nonce, isSecured: true));
        var proven = this[field].Open(answer.Data.Read<StoredField>(), nonce, isSecured: true);
        Assert.NotNull(proven);
        return (proven.Version, proven.Content);
    }

    public void Dispose() => _keys.Dispose();
}
