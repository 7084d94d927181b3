using Tessera.Wire;
using Xunit;

namespace Tessera.Cards.Tests;

public class CardChannelTests
{
    private static readonly CommandApdu Put = new(0x80, 0xDB, 0x3F, 0xFF, Le: 256);

    [Theory]
    [InlineData(0x80, "00")]
    [InlineData(0x02, "02")]
    [InlineData(0x83, "03")]
    [InlineData(0x45, "45")]
    public async Task Fetches_what_waits_on_the_channel_of_the_command(int cla, string getResponse)
    {
        var card = new ScriptedCard(
            ($"{cla:X2}DB3FFF00", "C1C2 6103"),
            ($"{getResponse}C0000003", "C3C4C5 6100"),
            ($"{getResponse}C0000000", "C6 9000"));

        var answer = await Transmit(card, Put with { Cla = (byte)cla });

        Assert.Equal(new ResponseApdu(Bytes.FromHex("C1C2C3C4C5C6"), StatusWord.Success), answer);
        card.HasAnsweredAll();
    }

    [Fact]
    public async Task Sends_again_with_the_length_the_card_names()
    {
        var card = new ScriptedCard(
            ("80DB3FFF00", "6C02"), ("80DB3FFF02", "6103"), ("00C0000003", "6C01"), ("00C0000001", "C1 6282"));

        Assert.Equal(new ResponseApdu(Bytes.FromHex("C1"), new StatusWord(0x6282)), await Transmit(card, Put));
        card.HasAnsweredAll();
    }

    [Fact]
    public async Task Sends_again_only_once()
    {
        var card = new ScriptedCard(("80DB3FFF00", "6C02"), ("80DB3FFF02", "6C01"));

        Assert.Equal(new StatusWord(0x6C01), (await Transmit(card, Put)).Status);
    }

    [Theory]
    [InlineData(256, 2)]
    [InlineData(510, 2)]
    [InlineData(511, 3)]
    public async Task Chains_blocks_of_255(int length, int blocks)
    {
        var data = Convert.ToHexString([.. Enumerable.Range(0, length).Select(i => (byte)i)]);
        var chained = Enumerable.Range(0, blocks - 1)
            .Select(i => ($"90DB3FFF FF {data.Substring(i * 510, 510)}", "9000"));
        var last = data[((blocks - 1) * 510)..];
        var card = new ScriptedCard([.. chained, ($"80DB3FFF {last.Length / 2:X2} {last} 00", "C1 9000")]);

        var answer = await Transmit(card, Put with { Data = Bytes.FromHex(data), Le = 65536 });

        Assert.Equal(Bytes.FromHex("C1"), answer.Data);
        card.HasAnsweredAll();
    }

    [Fact]
    public async Task A_chain_ends_where_the_card_says_no()
    {
        var card = new ScriptedCard(($"90DB3FFF FF {new string('0', 510)}", "6883"));

        var answer = await Transmit(card, Put with { Data = new Bytes(new byte[600]) });

        Assert.Equal(new StatusWord(0x6883), answer.Status);
        card.HasAnsweredAll();
    }

    [Fact]
    public async Task A_card_with_extended_lengths_gets_the_command_whole()
    {
        var card = new ScriptedCard(($"80DB3FFF 00 0258 {new string('0', 1200)} 0100", "9000"));

        var command = Put with { Data = new Bytes(new byte[600]) };
        var channel = new CardChannel(card, extended: true);
        var answer = await channel.TransmitAsync(command, TestContext.Current.CancellationToken);

        Assert.True(answer.Status.IsSuccess);
    }

    [Theory]
    [InlineData(0, "61FF")]
    [InlineData(256, "6100")]
    public async Task An_answer_that_does_not_end_is_refused(int part, string status)
    {
        var answer = new ResponseApdu(new Bytes(new byte[part]), Bytes.FromHex(status).Read<StatusWord>());
        var card = new EndlessCard(answer);

        await Assert.ThrowsAsync<WireFormatException>(() => Transmit(card, Put));
        Assert.True(card.Commands <= CardChannel.MaxRounds + 1);
    }

    private static Task<ResponseApdu> Transmit(ICardChannel card, CommandApdu command) =>
        new CardChannel(card).TransmitAsync(command, TestContext.Current.CancellationToken).AsTask();

    private sealed class EndlessCard(ResponseApdu answer) : ICardChannel
    {
        public int Commands { get; private set; }

        public ValueTask<ResponseApdu> TransmitAsync(CommandApdu command, CancellationToken cancel)
        {
            Commands++;
            return ValueTask.FromResult(answer);
        }
    }
}
