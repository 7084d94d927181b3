using Tessera.Cards.Traces;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Cards.Tests.Traces;

/// <summary>Secrets that a trace knows only by what was said before: on which channel, in which file.</summary>
public sealed class TraceSecretTests
{
    private readonly List<TraceEntry> _entries = [];
    private readonly CardTrace _trace;

    public TraceSecretTests() => _trace = new CardTrace(_entries.Add, new ManualTime(DateTimeOffset.UnixEpoch));

    // A card keeps what waits apart for each channel (ISO/IEC 7816-4 5.4.1), so what was said between changes nothing.
    [Fact]
    public void A_secret_that_waits_on_one_channel_stays_one_while_another_channel_is_used()
    {
        Exchange("0087119D0A7C088200850411223344", "6104");
        Exchange("0170000001", "029000");
        Exchange("00C0000004", "AABBCCDD9000");

        Assert.Equal(["6104", "029000", "********9000"], Answers);
    }

    [Fact]
    public void A_chain_of_one_channel_is_put_together_whatever_another_channel_says()
    {
        Exchange("10DB3FFF065C035FC10553", "9000");
        Exchange("01DB3FFF055C035FC102", "6985");
        Exchange("00DB3FFF0403700141", "9000");

        Assert.Equal(
            ["5C tag list: 5FC105 certificate of key 9A", "53 discretionary data", "  70 certificate: 41"],
            Exchanges[^1].Command.Objects);
    }

    // The two classes of a SIM select apart (docs/protocols/card.md §7).
    [Fact]
    public void A_file_of_keys_in_class_A0_stays_one_while_class_00_selects_another()
    {
        Exchange("A0A40000026F20", "9F0F");
        Exchange("00A40004026F07", "6104");
        Exchange("A0B0000002", "AABB9000");

        Assert.Equal("****9000", Answers[^1]);
    }

    // 3GPP TS 31.102: EF.Keys 08, EF.KeysPS 09, EF.EPSNSC 18; in DF.GSM-ACCESS EF.Kc 01, EF.KcGPRS 02.
    [Theory]
    [InlineData("00B0880000")]
    [InlineData("00B0890000")]
    [InlineData("00B201C400")]
    [InlineData("00A4080406 7FFF5F3B4F20", "00B0000000")]
    [InlineData("00A4000402 5F3B", "00B0810000")]
    [InlineData("00A4000402 5F3B", "00B0820000")]
    [InlineData("00B0880001", "00B0000001")]
    public void A_file_of_keys_of_a_USIM_is_hidden_by_whatever_name_it_is_read(params string[] commands)
    {
        Exchange("00A4040407A0000000871002", "9000");
        foreach (var command in commands) Exchange(command, "AABB9000");

        Assert.Equal("****9000", Answers[^1]);
    }

    [Theory]
    [InlineData("00B0870000")]
    [InlineData("00B0880001", "00B0870001")]
    [InlineData("00B0880001", "00A40004026F07", "00B0000001")]
    public void The_files_beside_them_are_shown(params string[] commands)
    {
        Exchange("00A4040407A0000000871002", "9000");
        foreach (var command in commands) Exchange(command, "AABB9000");

        Assert.Equal("AABB9000", Answers[^1]);
    }

    // ISO/IEC 7816-4:2005 table 14: b6 to b4 of the descriptor 001, an internal file.
    [Fact]
    public void The_password_that_goes_into_a_file_made_for_it_is_hidden()
    {
        Exchange("00E000000D 620B 8002000D 820109 83020A09", "9000");
        Exchange("00D600000D 01010303003132333435363738", "9000");
        Exchange("00A4000C023F00", "9000");
        Exchange("00D70A090B 540100 5306313233343536", "9000");
        Exchange("00A4000C020A09", "9000");
        Exchange("00D6000506 313233343536", "9000");

        Assert.Equal("00D600000D" + new string('*', 26), Exchanges[1].Command.Octets);
        Assert.Equal("00D70A090B" + new string('*', 22), Exchanges[3].Command.Octets);
        Assert.Equal("00D6000506" + new string('*', 12), Exchanges[5].Command.Octets);
    }

    [Fact]
    public void A_file_that_says_that_it_is_internal_is_one_also_when_it_says_so_in_parts()
    {
        Exchange("00A4000402000A", "61 0B");
        Exchange("00C0000005", "6209820109 6106");
        Exchange("00C0000006", "8302000A8000 9000");
        Exchange("00D6000002 3132", "9000");

        Assert.Equal("00D6000002****", Exchanges[^1].Command.Octets);
    }

    // SP 800-73: what is read after the PIN only. Some hosts keep the management key in the printed information.
    [Theory]
    [InlineData("5FC103")]
    [InlineData("5FC108")]
    [InlineData("5FC109")]
    [InlineData("5FC121")]
    [InlineData("5FC123")]
    public void What_a_PIV_card_gives_only_behind_its_PIN_is_hidden_both_ways(string tag)
    {
        Exchange($"00CB3FFF055C03{tag}00", "5302AABB9000");
        Exchange($"10DB3FFF075C03{tag}5302", "9000");
        Exchange("00DB3FFF02AABB", "9000");

        Assert.Equal("********9000", Answers[0]);
        Assert.Equal($"00CB3FFF055C03{tag}00", Exchanges[0].Command.Octets);
        Assert.Equal($"10DB3FFF075C03{tag}****", Exchanges[1].Command.Octets);
        Assert.Equal("00DB3FFF02****", Exchanges[2].Command.Octets);
        Assert.Empty(Exchanges[2].Command.Objects);
    }

    // OpenPGP card 3.4: 4.4.3.12 key import, 4.3.4 resetting code.
    [Theory]
    [InlineData("10DB3FFF04 4D020102", "10DB3FFF04********")]
    [InlineData("00DA00D308 3132333435363738", "00DA00D308****************")]
    public void A_private_key_and_a_resetting_code_of_an_OpenPGP_card_are_hidden(string command, string octets)
    {
        Exchange(command, "9000");

        Assert.Equal(octets, Exchanges[0].Command.Octets);
    }

    private List<TracedExchange> Exchanges => [.. _entries.Cast<TracedExchange>()];

    private List<string> Answers => [.. Exchanges.Select(exchange => exchange.Answer!.Octets)];

    private void Exchange(string command, string answer) => _trace.End(
        _trace.Begin(), Bytes.FromHex(command).Read<CommandApdu>(), Bytes.FromHex(answer).Read<ResponseApdu>());
}
