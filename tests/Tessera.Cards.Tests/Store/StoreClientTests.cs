using Tessera.Cards.Store;
using Tessera.Wire;
using Xunit;

namespace Tessera.Cards.Tests.Store;

public class StoreClientTests
{
    private const string Select = "00A40400 09 F05445535345524102 00";
    private const string Fci = "6F1D 8409F05445535345524102 A510 C00101 C1080123456789ABCDEF C30103 9000";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lists_writes_and_reads()
    {
        var card = new ScriptedCard(
            (Select, Fci),
            ("8060000000", "07012303 9000"),
            ("80640007 0D 0124 B1B2B3B4B5B6B7B8 C1C2C3", "9000"),
            ("80640007 0D 0124 B1B2B3B4B5B6B7B8 C1C2C3", "6985"),
            ("80620007 08 A1A2A3A4A5A6A7A8 00", "0124 C1C2C3 D1D2D3D4D5D6D7D8 9000"));
        var write = new FieldWrite(0x0124, Bytes.FromHex("B1B2B3B4B5B6B7B8"), Bytes.FromHex("C1C2C3"));

        var store = await StoreClient.SelectAsync(card, Cancel);

        Assert.NotNull(store);
        Assert.Equal(CardId.Parse("0123456789ABCDEF"), store.Template.Card);
        Assert.Equal([new FieldVersion(7, 0x0123, 3)], await store.ListAsync(Cancel));
        await store.WriteAsync(7, write, isSecured: false, Cancel);
        await Assert.ThrowsAsync<CardStatusException>(() => store.WriteAsync(7, write, isSecured: false, Cancel));
        Assert.Equal(
            new StoredField(0x0124, Bytes.FromHex("C1C2C3"), Bytes.FromHex("D1D2D3D4D5D6D7D8")),
            await store.ReadAsync(7, Bytes.FromHex("A1A2A3A4A5A6A7A8"), isSecured: false, Cancel));
        card.HasAnsweredAll();
    }

    [Fact]
    public async Task A_card_without_a_store_is_no_error() =>
        Assert.Null(await StoreClient.SelectAsync(new ScriptedCard((Select, "6A82")), Cancel));

    [Fact]
    public void Refuses_field_0_and_nonces_of_other_lengths()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => StoreCommands.Read(0, new Bytes(new byte[8])));
        Assert.Throws<ArgumentException>(() => StoreCommands.Read(1, new Bytes(new byte[7])));
    }
}
