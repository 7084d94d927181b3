using Tessera.Cards.Piv;
using Tessera.Wire;
using Xunit;

namespace Tessera.Cards.Tests.Piv;

/// <summary>
/// Samples of other people's PIV cards: of the Yubico.NET.SDK manual (Apache-2.0), and what OpenSC 0.23 was seen to take.
/// </summary>
public class PivSampleTests
{
    private const string Select = "00A404000BA00000030800001000010000";

    [Fact]
    public async Task A_card_that_says_no_more_than_its_name_is_a_PIV_card()
    {
        var card = new ScriptedCard((Select, "61084F060000100001009000"));

        Assert.NotNull(await PivClient.SelectAsync(card, TestContext.Current.CancellationToken));
        card.HasAnsweredAll();
    }

    [Fact]
    public void The_name_of_a_card_is_found_in_its_CHUID()
    {
        var chuid = Bytes.FromHex(
            "3019D4E739DA739CED39CE739D836858210842108421384210C3F53410AD64BEAC16114A5693A29D583B74CB44350832303330303130313E00FE00");

        Assert.Equal(Guid.Parse("AD64BEAC-1611-4A56-93A2-9D583B74CB44"), PivChuid.Read(chuid));
    }

    /// <summary>The sample has the first block; the second has what is left of 256 octets and the answer's length.</summary>
    [Fact]
    public async Task A_signature_by_RSA_goes_in_two_blocks()
    {
        var input = new byte[256];
        for (var i = 0; i < input.Length; i++) input[i] = (byte)i;
        var hex = Convert.ToHexString(input);
        var card = new ScriptedCard(
            ("1087079AFF7C820106820081820100" + hex[..490], "9000"), ("0087079A0B" + hex[490..] + "00", "6982"));

        var answer = await new CardChannel(card).TransmitAsync(
            PivCommands.Sign(0x9A, PivAlgorithm.Rsa2048, new Bytes(input)), TestContext.Current.CancellationToken);

        Assert.Equal(StatusWord.SecurityStatusNotSatisfied, answer.Status);
        card.HasAnsweredAll();
    }
}
