using Tessera.Cards;
using Tessera.Cards.SecureChannels;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.SecureChannels;

/// <summary>Our host and our card, over all that a session can be.</summary>
public class BothEndsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<byte, int> Cards
    {
        get
        {
            var all = new TheoryData<byte, int>();
            foreach (var options in SecurityLevels.AllOptions)
                foreach (var length in (int[])[16, 24, 32]) all.Add((byte)options, length);
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Cards))]
    public async Task Commands_of_every_case_come_through_at_every_level(byte options, int keyLength)
    {
        using var keys = SecuredCard.NewKeys(keyLength);
        var levels = 0;
        foreach (var level in SecurityLevels.All.Where(level => level.IsOffered((Scp03Options)options)))
        {
            foreach (var extended in (bool[])[false, true])
            {
                using var domain = SecuredCard.Domain(keys, (Scp03Options)options);
                using var card = new SecuredCard(domain);
                using var channel = await SecureChannel.OpenAsync(
                    new CardChannel(card, extended), _ => SecuredCard.CopyOf(keys),
                    new SecureChannelOptions { Level = level }, Cancel);
                Assert.Equal((level, (Scp03Options)options), (channel.Level, channel.Card.Options));
                foreach (var command in Commands(extended)) await CheckAsync(card, channel, command);
                levels++;
            }
        }

        Assert.Equal(2 * ((options & 0x40) != 0 ? 6 : (options & 0x20) != 0 ? 5 : 3), levels);
    }

    [Fact]
    public async Task The_strongest_level_of_the_card_is_taken_where_none_is_named()
    {
        using var keys = SecuredCard.NewKeys(16);
        foreach (var (options, level) in ((byte, byte)[])[(0x00, 0x03), (0x10, 0x03), (0x60, 0x33), (0x70, 0x33)])
        {
            using var domain = SecuredCard.Domain(keys, (Scp03Options)options);
            using var card = new SecuredCard(domain);
            using var channel = await SecureChannel.OpenAsync(
                new CardChannel(card), _ => SecuredCard.CopyOf(keys), new SecureChannelOptions(), Cancel);
            Assert.Equal((SecurityLevel)level, channel.Level);
        }
    }

    [Fact]
    public async Task Each_session_has_a_challenge_of_its_own()
    {
        using var keys = SecuredCard.NewKeys(16);
        foreach (var options in SecurityLevels.AllOptions)
        {
            using var domain = SecuredCard.Domain(keys, options);
            using var card = new SecuredCard(domain);
            var challenges = new HashSet<Bytes>();
            for (var i = 0u; i < 20; i++)
            {
                using var channel = await SecureChannel.OpenAsync(
                    new CardChannel(card), _ => SecuredCard.CopyOf(keys), new SecureChannelOptions(), Cancel);
                Assert.True(challenges.Add(channel.Card.CardChallenge));
                Assert.Equal(
                    options.HasFlag(Scp03Options.PseudoRandomChallenge) ? i + 1 : null, channel.Card.Sequence);
            }
        }
    }

    [Fact]
    public async Task On_another_logical_channel_the_code_is_taken_over_the_class_without_its_number()
    {
        using var keys = SecuredCard.NewKeys(16);
        using var domain = SecuredCard.Domain(keys);
        using var card = new SecuredCard(domain);
        Assert.Equal("9000", card.Send("00700003"));
        Assert.Equal("6985", card.Send($"03A40400 10 {SecuredCard.Aid}"));
        card.Reset();
        card.Send("00700003");
        Assert.Equal("9000", card.Send($"03A40400 10 {SecuredCard.Aid}"));

        using var channel = await SecureChannel.OpenAsync(
            new CardChannel(new OnChannel(card, 3)), _ => SecuredCard.CopyOf(keys), new SecureChannelOptions(), Cancel);
        await CheckAsync(card, channel, new CommandApdu(0x80, 0xE2, 1, 2, Bytes.FromHex("010203"), 256));
        Assert.Equal("6D00", card.Send("80F20000"));
        await CheckAsync(card, channel, new CommandApdu(0x80, 0xE2, 1, 2, Bytes.FromHex("010203"), 256));
    }

    private static async Task CheckAsync(SecuredCard card, SecureChannel channel, CommandApdu command)
    {
        foreach (var status in (ushort[])[0x9000, 0x6310, 0x62F1, 0x6A82])
        {
            var isError = status == 0x6A82;
            var data = command.Le is { } le && !isError ? Octets(Math.Min(le, 4000)) : Bytes.Empty;
            card.Answer = new ResponseApdu(data, new StatusWord(status));

            var answer = await channel.TransmitAsync(command, Cancel);

            Assert.Equal((command.Data, command.P1, command.P2), (card.Asked!) is { } asked
                ? (asked.Data, asked.P1, asked.P2)
                : default);
            Assert.Equal(new ResponseApdu(data, new StatusWord(status)), answer);
        }
    }

    /// <summary>Cases 1 to 4, at the ends of their lengths and of blocks.</summary>
    private static IEnumerable<CommandApdu> Commands(bool extended)
    {
        foreach (var cla in (byte[])[0x00, 0x80])
        {
            yield return new CommandApdu(cla, 0xE2, 1, 2);
            yield return new CommandApdu(cla, 0xE2, 1, 2, Le: 256);
            yield return new CommandApdu(cla, 0xE2, 1, 2, Le: 16);
            foreach (var length in (int[])[1, 15, 16, 17, 239, 240, 247, 248, 255, 256, 600])
            {
                yield return new CommandApdu(cla, 0xE2, 1, 2, Octets(length));
                yield return new CommandApdu(cla, 0xE2, 1, 2, Octets(length), 256);
            }
        }

        if (!extended) yield break;
        yield return new CommandApdu(0x80, 0xE2, 1, 2, Le: 65536);
        yield return new CommandApdu(0x80, 0xE2, 1, 2, Octets(16), 3000);
        yield return new CommandApdu(0x80, 0xE2, 1, 2, Octets(5000), 65536);
    }

    private static Bytes Octets(int length) => new((byte[])[.. Enumerable.Range(1, length).Select(i => (byte)(i * 7))]);

    private sealed class OnChannel(ICardChannel card, byte number) : ICardChannel
    {
        public ValueTask<ResponseApdu> TransmitAsync(CommandApdu command, CancellationToken cancel) =>
            card.TransmitAsync(command with { Cla = (byte)(command.Cla | number) }, cancel);
    }
}
