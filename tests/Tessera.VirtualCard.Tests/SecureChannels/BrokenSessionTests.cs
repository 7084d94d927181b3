using Tessera.Cards;
using Tessera.Cards.SecureChannels;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.SecureChannels;

/// <summary>What somebody between host and card can try, and what it gets them: nothing, and the session is over.</summary>
public class BrokenSessionTests
{
    private static readonly CommandApdu Command = new(0x80, 0xE2, 0x01, 0x02, Bytes.FromHex("0102030405"), 256);

    public static TheoryData<byte> Coded => [0x01, 0x03, 0x11, 0x13, 0x33];

    [Theory]
    [MemberData(nameof(Coded))]
    public void A_command_that_was_changed_anywhere(byte level)
    {
        Breaks(level, wrapped => [.. ChangedOctets(wrapped)], "6982");
    }

    [Theory]
    [MemberData(nameof(Coded))]
    public void A_command_that_was_cut(byte level) => Breaks(
        level,
        wrapped => [.. Enumerable.Range(0, wrapped.Data.Length)
            .Select(length => wrapped with { Data = new Bytes(wrapped.Data.Memory[..length]) })],
        "6982");

    [Theory]
    [MemberData(nameof(Coded))]
    public void A_command_without_a_code(byte level) => Breaks(level, _ => [Command, Command with { Cla = 0x00 }], "6982");

    [Theory]
    [MemberData(nameof(Coded))]
    public void A_command_in_another_kind_of_secure_messaging(byte level) =>
        Breaks(level, wrapped => [wrapped with { Cla = 0x88 }, wrapped with { Cla = 0x8C }], "6982");

    [Theory]
    [MemberData(nameof(Coded))]
    public void The_same_command_again(byte level)
    {
        using var keys = SecuredCard.NewKeys(16);
        using var card = Card(keys);
        using var host = card.Open(keys, (SecurityLevel)level);
        var wrapped = host.Wrap(Command);

        Assert.True(card.Send(wrapped).Status.IsSuccess);
        Assert.Equal(Command, card.Asked);
        Assert.Equal("6982", Bytes.Of(card.Send(wrapped)).ToString());
        IsOver(card, host);
    }

    [Theory]
    [MemberData(nameof(Coded))]
    public void A_command_left_out(byte level)
    {
        using var keys = SecuredCard.NewKeys(16);
        using var card = Card(keys);
        using var host = card.Open(keys, (SecurityLevel)level);

        host.Wrap(Command);
        Assert.Equal("6982", Bytes.Of(card.Send(host.Wrap(Command))).ToString());
        IsOver(card, host);
    }

    [Fact]
    public void A_recorded_session_again()
    {
        using var keys = SecuredCard.NewKeys(16);
        using var card = Card(keys);
        var challenge = Bytes.FromHex("A1A2A3A4A5A6A7A8");
        var answer = card.Send(GlobalPlatformCommands.InitializeUpdate(0, challenge)).Data.Read<InitializeUpdateAnswer>();
        using var host = Scp03Host.Open(keys, challenge, answer);
        var authenticate = host.Authenticate((SecurityLevel)0x33);
        Assert.True(card.Send(authenticate).Status.IsSuccess);

        card.Send(GlobalPlatformCommands.InitializeUpdate(0, challenge));
        Assert.Equal("6982", Bytes.Of(card.Send(authenticate)).ToString());
        IsOver(card, host);
    }

    [Theory]
    [InlineData(0, "6982")] // Its code covers the cryptogram: whatever is changed, that is what is found.
    [InlineData(7, "6982")]
    [InlineData(8, "6982")]
    [InlineData(15, "6982")]
    public void An_authentication_that_was_changed(int at, string status)
    {
        using var keys = SecuredCard.NewKeys(16);
        using var card = Card(keys);
        var (host, authenticate) = Begun(card, keys);
        using (host)
        {
            var data = authenticate.Data.ToArray();
            data[at] ^= 0x80;
            Assert.Equal(status, Bytes.Of(card.Send(authenticate with { Data = new Bytes(data) })).ToString());
            Assert.Equal("6985", Bytes.Of(card.Send(authenticate)).ToString());
        }
    }

    /// <summary>Who has K-MAC alone can code, but the cryptogram of another session is not this one's.</summary>
    [Fact]
    public void A_cryptogram_that_is_coded_but_wrong()
    {
        using var keys = SecuredCard.NewKeys(16);
        using var card = Card(keys);
        var challenge = Bytes.FromHex("A1A2A3A4A5A6A7A8");
        var answer = card.Send(GlobalPlatformCommands.InitializeUpdate(0, challenge)).Data.Read<InitializeUpdateAnswer>();
        using var session = new Scp03Session(keys, challenge, answer.CardChallenge);
        var command = new CommandApdu(0x84, 0x82, 0x33, 0x00, Bytes.FromHex("0102030405060708"));
        var coded = command with { Data = new Bytes((byte[])[.. command.Data.Span, .. session.CommandMac(command).Span]) };

        Assert.Equal("6300", Bytes.Of(card.Send(coded)).ToString());
        Assert.Equal("6985", Bytes.Of(card.Send(coded)).ToString());
    }

    [Theory]
    [InlineData("8050000008A1A2A3A4A5A6A7A800", null)]
    [InlineData("8050300008A1A2A3A4A5A6A7A800", null)]
    [InlineData("8050310008A1A2A3A4A5A6A7A800", "6A88")]
    [InlineData("8050000108A1A2A3A4A5A6A7A800", "6A86")]
    [InlineData("8050000007A1A2A3A4A5A6A700", "6700")]
    [InlineData("8050000000", "6700")]
    [InlineData("8482330010A1A2A3A4A5A6A7A8A1A2A3A4A5A6A7A8", "6985")]
    [InlineData("84F2000008A1A2A3A4A5A6A7A8", "6985")]
    public void Without_a_session(string command, string? status)
    {
        using var keys = SecuredCard.NewKeys(16);
        using var card = Card(keys);
        var answer = card.Send(command);
        if (status is null) Assert.Equal(2 * 34, answer.Length);
        else Assert.Equal(status, answer);
    }

    [Theory]
    [InlineData(0x02)]
    [InlineData(0x10)]
    [InlineData(0x31)]
    [InlineData(0x33)]
    [InlineData(0xFF)]
    public void Levels_that_are_none_or_not_the_cards(byte level)
    {
        using var keys = SecuredCard.NewKeys(16);
        using var domain = SecuredCard.Domain(keys, (Scp03Options)0x30);
        using var card = new SecuredCard(domain);
        var (host, authenticate) = Begun(card, keys, 0x13);
        using (host)
        {
            Assert.Equal("6A86", Bytes.Of(card.Send(authenticate with { P1 = level })).ToString());
            Assert.Equal("6985", Bytes.Of(card.Send(authenticate)).ToString());
        }
    }

    [Theory]
    [InlineData(0x80, "6D00")]
    [InlineData(0x84, "6700")]
    public void An_authentication_of_another_form(byte cla, string status)
    {
        using var keys = SecuredCard.NewKeys(16);
        using var card = Card(keys);
        card.Answer = new ResponseApdu(StatusWord.InstructionNotSupported);
        var (host, authenticate) = Begun(card, keys);
        using (host)
        {
            var cut = authenticate with { Cla = cla, Data = new Bytes(authenticate.Data.Memory[..15]) };
            Assert.Equal(status, Bytes.Of(card.Send(cut)).ToString());
            Assert.Equal("6985", Bytes.Of(card.Send(authenticate)).ToString());
        }
    }

    [Fact]
    public void Any_other_command_ends_a_session_that_only_began()
    {
        using var keys = SecuredCard.NewKeys(16);
        using var card = Card(keys);
        var (host, authenticate) = Begun(card, keys);
        using (host)
        {
            card.Send("80F20000");
            Assert.Equal("6985", Bytes.Of(card.Send(authenticate)).ToString());
        }
    }

    [Fact]
    public void Selection_and_reset_end_a_session()
    {
        using var keys = SecuredCard.NewKeys(16);
        using var card = Card(keys);
        foreach (var reset in (bool[])[false, true])
        {
            using var host = card.Open(keys, (SecurityLevel)0x33);
            if (reset) card.Reset();
            card.Send(GlobalPlatformCommands.Select(SecuredCard.Aid));
            IsOver(card, host);
        }
    }

    [Fact]
    public void Without_codes_a_session_has_plain_commands_only()
    {
        using var keys = SecuredCard.NewKeys(16);
        using var card = Card(keys);
        using var host = card.Open(keys, SecurityLevel.None);

        Assert.True(card.Send(host.Wrap(Command)).Status.IsSuccess);
        Assert.Equal(Command, card.Asked);
        Assert.Equal("6985", card.Send("84E2000008A1A2A3A4A5A6A7A8"));
    }

    private static SecuredCard Card(Scp03Keys keys)
    {
        using var domain = SecuredCard.Domain(keys);
        return new SecuredCard(domain);
    }

    private static (Scp03Host Host, CommandApdu Authenticate) Begun(
        SecuredCard card, Scp03Keys keys, byte level = 0x33)
    {
        var challenge = Bytes.FromHex("A1A2A3A4A5A6A7A8");
        var answer = card.Send(GlobalPlatformCommands.InitializeUpdate(0, challenge)).Data.Read<InitializeUpdateAnswer>();
        var host = Scp03Host.Open(keys, challenge, answer);
        return (host, host.Authenticate((SecurityLevel)level));
    }

    private static void Breaks(byte level, Func<CommandApdu, IReadOnlyList<CommandApdu>> variants, string status)
    {
        using var keys = SecuredCard.NewKeys(16);
        using var card = Card(keys);
        var count = int.MaxValue;
        for (var i = 0; i < count; i++)
        {
            using var host = card.Open(keys, (SecurityLevel)level);
            var broken = variants(host.Wrap(Command));
            count = broken.Count;
            Assert.NotEqual(0, count);
            Assert.Equal(status, Bytes.Of(card.Send(broken[i])).ToString());
            IsOver(card, host);
        }
    }

    /// <summary>The applet was not asked, and not even the right next command counts.</summary>
    private static void IsOver(SecuredCard card, Scp03Host host)
    {
        Assert.Null(card.Asked);
        Assert.Equal("6985", Bytes.Of(card.Send(host.Wrap(Command))).ToString());
        Assert.Null(card.Asked);
    }

    /// <summary>Every octet that the code covers but the class, which decides what the card takes it for.</summary>
    private static IEnumerable<CommandApdu> ChangedOctets(CommandApdu wrapped)
    {
        yield return wrapped with { Ins = (byte)(wrapped.Ins ^ 0x08) };
        yield return wrapped with { P1 = (byte)(wrapped.P1 ^ 0x01) };
        yield return wrapped with { P2 = (byte)(wrapped.P2 ^ 0x80) };
        yield return wrapped with { Cla = (byte)(wrapped.Cla ^ 0x80) };
        for (var i = 0; i < wrapped.Data.Length; i++)
        {
            var data = wrapped.Data.ToArray();
            data[i] ^= 0x01;
            yield return wrapped with { Data = new Bytes(data) };
        }
    }
}
