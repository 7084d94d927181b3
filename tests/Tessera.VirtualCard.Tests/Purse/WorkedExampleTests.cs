using Tessera.Cards;
using Tessera.Cards.Pins;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.VirtualCard.Applets;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Purse;

/// <summary>docs/protocols, played against the card: every command gets the very octets that are printed.</summary>
public class WorkedExampleTests
{
    [Fact]
    public void The_card_answers_as_purse_md_prints()
    {
        var blocks = ProtocolExample.Read("purse.md", "purse");
        var randoms = blocks.Skip(1).Select(block => block.Named("SK context").ToString()[24..40]);
        using var card = TestCard.Open(WithPast(blocks), new ScriptedRandom([.. randoms]));

        Assert.Equal(blocks[0].Named("FCI"), card.Os.Transmit(blocks[0].Named("SELECT").Span));
        foreach (var block in blocks.Skip(1))
        {
            Assert.Equal("9000", card.Send("0020008008313233343536FFFF"));
            Assert.Equal(block.Named("S1"), card.Os.Transmit(block.Named("INITIALIZE").Span));
            Assert.Equal(block.Named("S3"), card.Os.Transmit(block.Named("MOVE").Span));
            Assert.Equal(block.Named("proof"), card.Os.Transmit(block.Named("PROVE").Span));
        }

        Assert.Equal(6, blocks.Count);
    }

    [Fact]
    public void The_card_pays_offline_as_purse_md_prints()
    {
        var blocks = ProtocolExample.Read("purse.md", "offline");
        string[] randoms = ["D9DADBDCDDDEDFE0", "E9EAEBECEDEEEFF0", "F9FAFBFCFDFEFFF0"];
        using var card = TestCard.Open(WithLimits(blocks[0].Named("master key"), blocks[1]), new ScriptedRandom(randoms));
        card.Send(PurseCommands.Select);

        foreach (var block in blocks.Skip(1))
        {
            var isOffline = block.Any(line => line.Name is "O1");
            Assert.Equal(block.Named(isOffline ? "O1" : "S1"), card.Os.Transmit(block.Named("INITIALIZE").Span));
            Assert.Equal(block.Named(isOffline ? "O3" : "S3"), card.Os.Transmit(block.Named("MOVE").Span));
            if (isOffline) Assert.Equal(block.Named("receipt"), card.Os.Transmit(block.Named("RECEIPT").Span));
        }

        Assert.Equal(4, blocks.Count);
    }

    [Fact]
    public void The_card_sells_as_purse_md_prints()
    {
        var sale = Assert.Single(ProtocolExample.Read("purse.md", "goods"));
        var random = sale.Named("SK context").ToString()[24..40];
        var keys = ProtocolExample.Read("purse.md", "offline")[0].Named("master key");
        using var card = TestCard.Open(WithLimits(keys, sale), new ScriptedRandom(random));
        card.Send(PurseCommands.Select);

        Assert.Equal(sale.Named("S1"), card.Os.Transmit(sale.Named("INITIALIZE").Span));
        Assert.Equal(sale.Named("S3"), card.Os.Transmit(sale.Named("MOVE").Span));
        Assert.Equal(sale.Named("proof"), card.Os.Transmit(sale.Named("PROVE").Span));
        card.Send(StoreCommands.Select);
        Assert.Equal("E100015E04009000", card.Send("8060010000")[^16..]);
    }

    [Fact]
    public void The_card_answers_as_store_md_prints()
    {
        var blocks = ProtocolExample.Read("store.md", "store");
        using var card = TestCard.Open(TestCard.NewImage(Card(new byte[16], blocks[0].Named("master key").Span)));

        Assert.Equal(blocks[0].Named("FCI"), card.Os.Transmit(blocks[0].Named("SELECT").Span));
        Assert.Equal(blocks[1].Named("answer"), card.Os.Transmit(blocks[1].Named("WRITE").Span));
        Assert.Equal(blocks[1].Named("fields"), card.Os.Transmit(blocks[1].Named("LIST").Span));
        Assert.Equal(blocks[1].Named("field"), card.Os.Transmit(blocks[1].Named("READ").Span));
        Assert.Equal(blocks[2].Named("field"), card.Os.Transmit(blocks[2].Named("READ").Span));
    }

    private static Personalisation Card(ReadOnlySpan<byte> purse, ReadOnlySpan<byte> store)
    {
        using var masters = new MasterKeys(3, new SecretKey(purse), new SecretKey(store), SecretKey.Generate());
        return new Personalisation
        {
            Card = TestCard.Id,
            Keys = CardKeys.Of(masters, TestCard.Id),
            KeyVersion = masters.Version,
            Pin = PinBlock.OfPin("123456"),
            Puk = PinBlock.OfPuk("12345678"),
            Purse = new PurseTraits(0x0978, 50_000),
        };
    }

    /// <summary>The examples without a line begin where the others end.</summary>
    private static byte[] WithLimits(Bytes master, IReadOnlyList<(string Name, Bytes Octets)> first)
    {
        var s1 = first.Named("S1").Read<ResponseApdu>().Data.Read<PurseState>();
        var past = new LoggedMovement(s1.Last, new Bytes(new byte[8]), s1.Balance, s1.Number);
        return TestCard.WithCells(
            TestCard.NewImage(Card(master.Span, new byte[16])),
            (CellId.Purse, Bytes.Of(new PurseBalance(s1.Balance, s1.Number))),
            (PurseFile.CellOf(s1.Number), Bytes.Of(past)),
            (CellId.PurseLimits, Bytes.Of(new PurseLimits(0, s1.Number, uint.MaxValue))));
    }

    /// <summary>The examples begin with six movements behind them: the first S1 names the last.</summary>
    private static byte[] WithPast(IReadOnlyList<IReadOnlyList<(string Name, Bytes Octets)>> blocks)
    {
        var s1 = blocks[1].Named("S1").Read<ResponseApdu>().Data.Read<PurseState>();
        var past = new LoggedMovement(s1.Last, new Bytes(new byte[8]), s1.Balance, s1.Number);
        return TestCard.WithCells(
            EarlierImage.Of(TestCard.NewImage(Card(blocks[0].Named("master key").Span, new byte[16]))),
            (CellId.Purse, Bytes.Of(new PurseBalance(s1.Balance, s1.Number))),
            (PurseFile.CellOf(s1.Number), Bytes.Of(past)));
    }
}
