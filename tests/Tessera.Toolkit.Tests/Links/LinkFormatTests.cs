using Tessera.Testing;
using Tessera.Toolkit.Links;
using Tessera.Wire;
using Xunit;

namespace Tessera.Toolkit.Tests.Links;

public class LinkFormatTests
{
    private const string Run = "A0A1A2A3A4A5A6A7A8A9AAABACADAEAF";
    private const string Card = "A001F0 A1043B800181 FE04002A0029";
    private const string Hello = $"01 {Run} 05 4B696F736B 03 091757 05 {Card}";
    private static readonly ReaderState Reader = ReaderState.Open(Bytes.FromHex("3B800181"), 0x2A, follows: 0x29);

    [Fact]
    public void Hello_of_a_terminal() => WireFormat.Holds(
        new TerminalHello(
            Bytes.FromHex(Run),
            "Kiosk",
            new TerminalProfile(
                Bytes.FromHex("091757"), TerminalCapabilities.RichPages | TerminalCapabilities.Biometrics),
            Reader),
        Hello);

    [Fact]
    public void Hello_of_a_server() => WireFormat.Holds(
        new ServerHello(Bytes.FromHex("1122334455667788"), Resumed: true), "01 1122334455667788 01");

    [Fact]
    public void State_of_a_reader_with_a_card() => WireFormat.Holds(Reader, Card);

    [Fact]
    public void State_of_a_reader_without_a_card() => WireFormat.Holds(ReaderState.Empty, "A00130 FE0400000000");

    [Fact]
    public void State_of_a_card_whose_session_ended() =>
        WireFormat.Holds(Reader.Ended(), "A001F0 A1043B800181 FE0400000000");

    [Fact]
    public void Event() => WireFormat.Holds(new CardReaderEvent(Reader), $"D616 990106 82028281 {Card}");

    [Fact]
    public void Bye() => WireFormat.Holds(new Bye(ByeReason.NoRoom, "vollé"), "05 06 766F6C6CC3A9");

    [Fact]
    public void Bye_of_a_line_that_returns_to_voice() =>
        WireFormat.Holds(new Bye(ByeReason.Voice, "hallå"), "08 06 68616C6CC3A5");

    [Fact]
    public void Enrol() => WireFormat.Holds(
        new EnrolRequest(Bytes.FromHex("A1A2A3A4A5A6A7A8"), Bytes.FromHex(Run), "vollé"),
        $"01 A1A2A3A4A5A6A7A8 {Run} 06 766F6C6CC3A9");

    [Fact]
    public void Challenge_of_an_enrolment() => WireFormat.Holds(new EnrolChallenge(Bytes.FromHex(Run)), Run);

    [Fact]
    public void Proof_of_an_enrolment() => WireFormat.Holds(new EnrolProof(Bytes.FromHex($"{Run}{Run}")), $"{Run}{Run}");

    [Fact]
    public void Relay_that_is_on() =>
        WireFormat.Holds(RelayState.On(Bytes.FromHex("3B800181")), "01 04 3B800181 00");

    [Fact]
    public void Relay_that_is_off() => WireFormat.Holds(RelayState.Off("vollé"), "00 00 06 766F6C6CC3A9");

    [Fact]
    public void Command_of_a_relay() =>
        WireFormat.Holds(new RelayCommand(0x2A2B, Reset: true, Bytes.FromHex("00A40400")), "2A2B 01 0004 00A40400");

    [Fact]
    public void Answer_of_a_relay() => WireFormat.Holds(new RelayAnswer(0x2A2B, Bytes.FromHex("A1A29000")), "2A2B 0004 A1A29000");

    [Fact]
    public void Open() => WireFormat.Holds(new OpenRequest(0x2A2B), "2A2B");

    [Fact]
    public void Pairing() => WireFormat.Holds(new PairingCode("483912", "https://x"), "06 343833393132 09 68747470733A2F2F78");

    [Theory]
    [InlineData("02")]
    [InlineData("00")]
    public void Another_version_is_told_from_other_faults(string version)
    {
        var hello = version + Hello[2..];

        Assert.Equal("link version", Assert.Throws<WireFormatException>(() => Read<TerminalHello>(hello)).Field);
        Assert.Equal("link version", Assert.Throws<WireFormatException>(() => Read<ServerHello>(version)).Field);
    }

    [Theory]
    [InlineData($"01 {Run} 00 03 091757 05 {Card}")]
    [InlineData($"01 {Run} 02 C328 03 091757 05 {Card}")]
    [InlineData($"01 {Run} 01 4B 41 {Sixty}0000000000 05 {Card}")]
    [InlineData($"01 {Run} 41 {Sixty}4B4B4B4B4B 03 091757 05 {Card}")]
    public void Refuses_a_terminal_hello(string hex) => Assert.Throws<WireFormatException>(() => Read<TerminalHello>(hex));

    [Theory]
    [InlineData("A00130 FE04002A0000")]
    [InlineData("A00130 A1043B800181 FE0400000000")]
    [InlineData("A001F0 FE04002A0000")]
    [InlineData("A001F0 A1013B FE04002A0000")]
    [InlineData("A001F0 A1043B800181 FE04002A002A")]
    [InlineData("A001F0 A1043B800181 FE0400000001")]
    [InlineData("A002F000 A1043B800181 FE04002A0000")]
    [InlineData("A001F0 A1043B800181 FE03002A00")]
    [InlineData("A001F0 A1043B800181 FE05002A000000")]
    [InlineData("A1043B800181 A001F0 FE04002A0000")]
    public void Refuses_a_state_that_cannot_be(string hex) => Assert.Throws<WireFormatException>(() => Read<ReaderState>(hex));

    [Fact]
    public void Does_not_write_a_state_that_cannot_be()
    {
        Assert.Throws<ArgumentException>(() => Bytes.Of(ReaderState.Empty with { Session = 1 }));
        Assert.Throws<ArgumentException>(() => Bytes.Of(ReaderState.Open(new Bytes(new byte[34]), 1)));
    }

    [Theory]
    [InlineData("D616 990107 82028281 A001F0 A1043B800181 FE04002A0000")]
    [InlineData("D616 990106 82028182 A001F0 A1043B800181 FE04002A0000")]
    [InlineData("D716 990106 82028281 A001F0 A1043B800181 FE04002A0000")]
    [InlineData("D617 990106 82028281 A001F0 A1043B800181 FE04002A0000 00")]
    public void Refuses_an_event(string hex) => Assert.Throws<WireFormatException>(() => Read<CardReaderEvent>(hex));

    [Fact]
    public void Refuses_what_is_no_reason_no_session_and_no_code()
    {
        Assert.Throws<WireFormatException>(() => Read<Bye>("00 00"));
        Assert.Throws<WireFormatException>(() => Read<Bye>("0B 00"));
        Assert.Throws<WireFormatException>(() => Read<OpenRequest>("0000"));
        Assert.Throws<WireFormatException>(() => Read<EnrolRequest>($"01 A1A2A3A4A5A6A7A8 {Run} 01 20"));
        Assert.Throws<WireFormatException>(() => Read<EnrolRequest>($"01 A1A2A3A4A5A6A7A8 {Run} 03 410A42"));
        Assert.Throws<WireFormatException>(() => Read<ServerHello>("01 1122334455667788 02"));
        Assert.Throws<WireFormatException>(() => Read<PairingCode>("01 41 00"));
        Assert.Throws<WireFormatException>(() => Read<PairingCode>("0D 30303030303030303030303030 00"));
        Assert.Throws<ArgumentException>(() => Bytes.Of(new PairingCode("12a", "")));
        Assert.Throws<ArgumentException>(() => Bytes.Of(new Bye(ByeReason.Protocol, new string('x', 201))));
    }

    [Fact]
    public void Noise_reads_or_fails_as_format()
    {
        var random = new Random(11);
        var whole = Bytes.FromHex(Hello).ToArray();
        for (var round = 0; round < 4000; round++)
        {
            var noise = (byte[])whole.Clone();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
                noise[random.Next(noise.Length)] = (byte)random.Next(256);
            var octets = new Bytes(noise);
            ReadsOrFails<TerminalHello>(octets);
            ReadsOrFails<ServerHello>(octets);
            ReadsOrFails<ReaderState>(new Bytes(octets.Memory[28..]));
            ReadsOrFails<CardReaderEvent>(octets);
            ReadsOrFails<Bye>(octets);
            ReadsOrFails<PairingCode>(octets);
            ReadsOrFails<EnrolRequest>(octets);
            ReadsOrFails<RelayState>(octets);
            ReadsOrFails<RelayCommand>(octets);
            ReadsOrFails<RelayAnswer>(octets);
        }
    }

    private const string Sixty = "4B4B4B4B4B4B4B4B4B4B4B4B4B4B4B4B4B4B4B4B4B4B4B4B4B4B4B4B4B4B" +
        "4B4B4B4B4B4B4B4B4B4B4B4B4B4B4B4B4B4B4B4B4B4B4B4B4B4B4B4B4B4B";

    private static T Read<T>(string hex) where T : IWireFormat<T> => Bytes.FromHex(hex).Read<T>();

    private static void ReadsOrFails<T>(Bytes octets) where T : IWireFormat<T>
    {
        try
        {
            Assert.Equal(octets, Bytes.Of(octets.Read<T>()));
        }
        catch (WireFormatException e)
        {
            Assert.NotEmpty(e.Field);
        }
    }
}
