using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Cards.Atr;
using Tessera.Cards.Pins;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.VirtualCard;
using Tessera.Wire;
using Xunit;

namespace Tessera.Interop.Tests.Pcsc;

/// <summary>Our card in software, through the real pcscd, with our clients and with OpenSC.</summary>
[Collection(PcscdAlone.Name)]
public class TesseraCardTests(PrivatePcscd pcscd)
{
    private static readonly CardId Id = CardId.Parse("0123456789ABCDEF");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Loads_pays_proves_and_logs()
    {
        using var keys = Keys();
        using var os = InsertedCard.Demonstration(Id);
        await using var reader = await pcscd.OpenAsync(null, Cancel);
        await using var inserted = InsertedCard.Insert(pcscd.EndPoint, os);
        await using var card = await reader.InsertedAsync(Cancel);
        var purse = (await PurseClient.SelectAsync(new CardChannel(card), Cancel))!;
        Assert.Equal(Id, purse.Template.Card);
        Assert.Contains(1, card.Atr.Read<AnswerToReset>().Protocols);

        await MoveAsync(purse, keys.Purse, MoveKind.Load, MoveTerms.WithoutPin, 5000);
        using (var pin = PinBlock.OfPin(DemonstrationKeys.Pin))
        using (var verify = PinCommands.Verify(pin))
            Assert.True((await card.TransmitAsync(verify.Apdu, Cancel)).Status.IsSuccess);
        var receipt = await MoveAsync(purse, keys.Purse, MoveKind.Debit, MoveTerms.PinRequired, 320);

        Assert.Equal((4680u, 2u), (receipt.Balance, receipt.Number));
        var nonce = Nonce();
        var proof = (await purse.ProveAsync(nonce, 2, Cancel))!;
        using var mac = PurseMac.ForProof(keys.Purse, Id, 2, nonce);
        Assert.Equal(proof.Mac, mac.Proof(proof));
        Assert.Equal([2u, 1u], (await purse.LogAsync(Cancel)).Select(entry => entry.Number));
        Assert.Equal(new PurseBalance(4680, 2), await purse.BalanceAsync(Cancel));
    }

    [Fact]
    public async Task Writes_and_reads_a_field()
    {
        const byte Field = 7;
        using var keys = Keys();
        using var writing = StoreMac.WritingKey(keys.Store, Id, Field);
        using var reading = StoreMac.ReadingKey(keys.Store, Id, Field);
        using var os = InsertedCard.Demonstration(Id);
        await using var reader = await pcscd.OpenAsync(null, Cancel);
        await using var inserted = InsertedCard.Insert(pcscd.EndPoint, os);
        await using var card = await reader.InsertedAsync(Cancel);
        var store = (await StoreClient.SelectAsync(new CardChannel(card), Cancel))!;
        var content = new Bytes(RandomNumberGenerator.GetBytes(StoreCommands.MaxContent));

        var write = new FieldWrite(3, StoreMac.Write(writing, Id, Field, 3, content), content);
        await store.WriteAsync(Field, write, isSecured: false, Cancel);

        var nonce = Nonce();
        var field = await store.ReadAsync(Field, nonce, isSecured: false, Cancel);
        Assert.Equal(new StoredField(3, content, StoreMac.Read(reading, Id, Field, 3, content, nonce)), field);
        Assert.Contains(new FieldVersion(Field, 3, StoreCommands.MaxContent), await store.ListAsync(Cancel));
        await Assert.ThrowsAsync<CardStatusException>(() => store.WriteAsync(Field, write, isSecured: false, Cancel));
    }

    [Fact]
    public async Task Pulled_and_inserted_again_it_still_knows_what_it_did()
    {
        using var keys = Keys();
        using var os = InsertedCard.Demonstration(Id);
        await using var reader = await pcscd.OpenAsync(null, Cancel);
        var stay = InsertedCard.Insert(pcscd.EndPoint, os);
        await using var card = await reader.InsertedAsync(Cancel);
        var purse = (await PurseClient.SelectAsync(card, Cancel))!;
        await MoveAsync(purse, keys.Purse, MoveKind.Load, MoveTerms.WithoutPin, 5000);

        await stay.DisposeAsync();
        await Assert.ThrowsAsync<ConnectionLostException>(() => purse.BalanceAsync(Cancel));
        await card.Removed.WaitAsync(TimeSpan.FromSeconds(10), Cancel);

        await using var again = InsertedCard.Insert(pcscd.EndPoint, os);
        await using var found = await reader.InsertedAsync(Cancel);
        var reached = (await PurseClient.SelectAsync(found, Cancel))!;
        Assert.Equal(new PurseBalance(5000, 1), await reached.BalanceAsync(Cancel));
        await Assert.ThrowsAsync<ConnectionLostException>(() => purse.BalanceAsync(Cancel));
    }

    [Fact]
    public async Task OpenSC_reaches_purse_and_store()
    {
        using var os = InsertedCard.Demonstration(Id);
        await using var inserted = await InsertedCard.ShowAsync(pcscd, os, Cancel);

        var atr = await OpenScTool.RunAsync(pcscd, Cancel, "-a");
        var output = await OpenScTool.RunAsync(
            pcscd,
            Cancel,
            "-s", Hex(PurseCommands.Select),
            "-s", Hex(PurseCommands.Balance),
            "-s", Hex(StoreCommands.Select),
            "-s", Hex(StoreCommands.List),
            "-s", "00A4040009F0544553534552410F00");

        Assert.Equal(os.Atr, Bytes.FromHex(atr.Trim().Replace(":", "", StringComparison.Ordinal)));
        var answers = OpenScTool.Answers(output);
        Assert.Equal(5, answers.Count);
        Assert.Equal(Id, answers[0].Data.Read<ApplicationTemplate>().Card);
        Assert.Equal(new PurseBalance(0, 0), answers[1].Data.Read<PurseBalance>());
        Assert.Equal(StoreCommands.Aid, answers[2].Data.Read<ApplicationTemplate>().Aid);
        Assert.Equal([new FieldVersion(1, 1, 2)], FieldVersion.ReadList(answers[3].Data));
        Assert.Equal(new ResponseApdu(StatusWord.FileNotFound), answers[4]);
    }

    private static async Task<PurseReceipt> MoveAsync(
        PurseClient purse, SecretKey key, MoveKind kind, MoveTerms terms, uint amount)
    {
        var nonce = Nonce();
        var digest = Bytes.FromHex("D1D2D3D4D5D6D7D8");
        var state = await purse.InitializeAsync(nonce, Cancel);
        using var mac = PurseMac.ForSession(key, Id, state.Number, state.Random, nonce);
        Assert.Equal(state.Mac, mac.S1(state, purse.Traits.Currency));

        var s2 = mac.S2(kind, terms, 0, amount);
        var receipt = await purse.MoveAsync(PurseCommands.Move(kind, terms, 0, amount, s2), null, digest, Cancel);
        Assert.Equal(
            receipt.Mac, mac.S3(new Movement(kind, terms, 0, amount, s2), digest, receipt.Balance, receipt.Number));
        return receipt;
    }

    private static CardKeys Keys()
    {
        using var masters = DemonstrationKeys.Create();
        return CardKeys.Of(masters, Id);
    }

    private static Bytes Nonce() => new(RandomNumberGenerator.GetBytes(PurseMac.NonceLength));

    private static string Hex(CommandApdu command) => Bytes.Of(command).ToString();
}
