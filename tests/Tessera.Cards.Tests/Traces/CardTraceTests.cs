using Tessera.Cards.Traces;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Cards.Tests.Traces;

/// <summary>What a trace says of exchanges with cards of several kinds, and what it never says.</summary>
public sealed class CardTraceTests
{
    private readonly List<TraceEntry> _entries = [];
    private readonly CardTrace _trace;

    public CardTraceTests() => _trace = new CardTrace(_entries.Add, new ManualTime(DateTimeOffset.UnixEpoch));

    // The beginning of every visit of a PIV host; answers in the form of SP 800-73-4 part 2, 3.1.1 and 3.1.2.
    [Fact]
    public void A_PIV_host_is_followed_by_names_of_applications_objects_and_keys()
    {
        Exchange("00A4040009A0000003080000100000", "61114F0600001000010079074F05A0000003089000");
        Exchange("00CB3FFF055C035FC10200", "53083406DDDDDDDDDDDD9000");
        Exchange("00F8000000", "001122339000");
        Exchange("00FD000000", "0507049000");

        Assert.Equal(
            """
            1 00:00:00.000 > 00A4040009A0000003080000100000  SELECT by name PIV A00000030800001000
            1 00:00:00.000 < 61114F0600001000010079074F05A0000003089000  9000 done, 19 octets, 0.0 ms
                61 application template
                  4F AID: 000010000100
                  79 allocation authority
                    4F AID: A000000308 PIV
            2 00:00:00.000 > 00CB3FFF055C035FC10200  GET DATA
                5C tag list: 5FC102 CHUID
            2 00:00:00.000 < 53083406DDDDDDDDDDDD9000  9000 done, 10 octets, 0.0 ms
                53 discretionary data
                  34 GUID: DDDDDDDDDDDD
            3 00:00:00.000 > 00F8000000  GET SERIAL
            3 00:00:00.000 < 001122339000  9000 done, 4 octets, 0.0 ms
            4 00:00:00.000 > 00FD000000  GET VERSION
            4 00:00:00.000 < 0507049000  9000 done, 3 octets, 0.0 ms

            """.ReplaceLineEndings("\n"), Text);
    }

    [Theory]
    [InlineData("0020008008313233343536FFFF", "0020008008****************", "VERIFY 80")]
    [InlineData("002400801031323334353637383837363534333231", "0024008010" + "********************************", "CHANGE REFERENCE DATA 80")]
    [InlineData("A0200001083132333400FFFFFF", "A020000108****************", "VERIFY CHV 01")]
    [InlineData("80D8010012000102030405060708090A0B0C0D0E0F1011", "80D8010012************************************", "PUT KEY")]
    [InlineData("1020008003313233", "1020008003******", "VERIFY 80, more follows")]
    [InlineData("0120008003313233", "0120008003******", "channel 1: VERIFY 80")]
    public void A_secret_in_a_command_is_stars_and_the_command_is_named(string command, string octets, string words)
    {
        Exchange(command, "9000");

        var seen = Assert.IsType<TracedExchange>(Assert.Single(_entries)).Command;
        Assert.Equal((octets, words), (seen.Octets, seen.Words));
        Assert.Empty(seen.Objects);
    }

    [Fact]
    public void What_the_holder_typed_is_stars_and_the_rest_of_a_terminal_response_is_not()
    {
        // GET INPUT, successful, text string "1234" in the 8-bit alphabet (ETSI TS 102 223 6.8).
        Exchange("A014000013" + "810301230082028281830100" + "8D050431323334", "9000");

        Assert.Equal(
            "A014000013" + "810301230082028281830100" + "8D0504********",
            Assert.IsType<TracedExchange>(Assert.Single(_entries)).Command.Octets);
    }

    [Fact]
    public void A_secret_in_an_answer_stays_one_while_it_is_fetched_in_parts()
    {
        Exchange("0087119D0A7C088200850411223344", "6104");
        Exchange("00C0000004", "AABBCCDD9000");
        Exchange("00B0000002", "AABB9000");

        Assert.Equal<string>(
            ["6104", "********9000", "AABB9000"],
            [.. _entries.Cast<TracedExchange>().Select(entry => entry.Answer!.Octets)]);
    }

    [Fact]
    public void A_file_of_keys_is_not_shown_and_its_neighbours_are()
    {
        Exchange("A0A40000027F20", "9F17");
        Exchange("A0A40000026F20", "9F0F");
        Exchange("A0B0000002", "AABB9000");
        Exchange("A0A40000026F07", "9F0F");
        Exchange("A0B0000002", "08499000");

        Assert.Equal(
            ["9F17", "9F0F", "****9000", "9F0F", "08499000"],
            [.. _entries.Cast<TracedExchange>().Select(entry => entry.Answer!.Octets)]);
        Assert.Equal("SELECT EF.Kc 6F20", _entries.Cast<TracedExchange>().ElementAt(1).Command.Words);
    }

    [Fact]
    public void One_instruction_has_the_name_that_the_selected_application_gives_it()
    {
        Exchange("00A4040009F0544553534552410100", "9000");
        Exchange("8050000000", "9000");
        Exchange("00A4040008A00000015100000000", "9000");
        Exchange("8050000000", "9000");
        _trace.Reset(Bytes.FromHex("3B00"));
        Exchange("8052000000", "6D00");

        Assert.Equal(
            ["INITIALIZE", "INITIALIZE UPDATE", "INS 52"],
            [.. new[] { 1, 3, 5 }.Select(at => ((TracedExchange)_entries[at]).Command.Words)]);
        Assert.Equal("3B00", Assert.IsType<TracedReset>(_entries[4]).Atr.ToString());
    }

    [Fact]
    public void Objects_of_a_chain_and_of_an_answer_in_parts_are_told_when_they_are_whole()
    {
        Exchange("10DB3FFF065C035FC10553", "9000");
        Exchange("00DB3FFF04" + "03700141", "9000");
        Exchange("00CB3FFF055C035FC10500", "5303706102");
        Exchange("00C0000002", "01419000");

        var entries = _entries.Cast<TracedExchange>().ToList();
        Assert.Empty(entries[0].Command.Objects);
        Assert.Equal(["5C tag list: 5FC105 certificate of key 9A", "53 discretionary data", "  70 certificate: 41"],
            entries[1].Command.Objects);
        Assert.Empty(entries[2].Answer!.Objects);
        Assert.Equal(["53 discretionary data", "  70 certificate: 41"], entries[3].Answer!.Objects);
    }

    [Fact]
    public void A_chain_that_was_given_up_is_no_part_of_the_next_command()
    {
        Exchange("10DB3FFF065C035FC10553", "9000");
        Exchange("00CB3FFF055C035FC10200", "6A82");

        Assert.Equal(["5C tag list: 5FC102 CHUID"], Assert.IsType<TracedExchange>(_entries[1]).Command.Objects);
    }

    [Theory]
    [InlineData("0020008006313233343536", true)]
    [InlineData("00200080", false)]
    [InlineData("A020000108" + "31323334FFFFFFFF", true)]
    [InlineData("80D8010002" + "0102", true)]
    [InlineData("80E2800002" + "0102", true)]
    [InlineData("00E2000002" + "0102", false)]
    [InlineData("002A9E9A02" + "0102", false)]
    [InlineData("00B0000000", false)]
    public void What_carries_a_secret_is_known_before_it_is_sent(string command, bool secret) =>
        Assert.Equal(secret, Secrets.AreIn(Bytes.FromHex(command).Read<CommandApdu>()));

    [Fact]
    public void Whatever_octets_come_it_says_something_and_hides_every_secret()
    {
        var random = new Random(20261122);
        for (var i = 0; i < 20_000; i++)
        {
            var octets = new byte[random.Next(1, 40)];
            random.NextBytes(octets);
            var ins = random.Next(3) == 0 ? (byte)0x20 : (byte)random.Next(256);
            var command = new CommandApdu((byte)random.Next(256), ins, (byte)random.Next(256), (byte)random.Next(256), new Bytes(octets));
            var begun = _trace.Begin();
            _trace.End(begun, command, random.Next(9) == 0 ? null : new ResponseApdu(new Bytes(octets), new StatusWord((ushort)random.Next(65536))));
            var seen = Assert.IsType<TracedExchange>(_entries[^1]);
            Assert.NotEmpty(seen.Command.Words);
            if (ins == 0x20)
                Assert.Equal($"{command.Header}{octets.Length:X2}{new string('*', 2 * octets.Length)}", seen.Command.Octets);
        }
    }

    private string Text => string.Concat(_entries.SelectMany(TraceText.Lines).Select(line => line + "\n"));

    private void Exchange(string command, string answer) => _trace.End(
        _trace.Begin(), Bytes.FromHex(command).Read<CommandApdu>(), Bytes.FromHex(answer).Read<ResponseApdu>());
}
