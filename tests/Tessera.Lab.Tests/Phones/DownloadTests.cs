using Tessera.Lab.Phones;
using Tessera.Lab.Phones.Toolkit;
using Tessera.Sms.Messages;
using Tessera.Wire;
using Xunit;

namespace Tessera.Lab.Tests.Phones;

/// <summary>
/// What comes from the network: to the SIM, to the inbox, or not at all; vectors of AOSP's tests and TS 31.124.
/// </summary>
public sealed class DownloadTests
{
    private const string Download161 = "04049121437F16891010000000000D53686F7274204D657373616765";

    private const string Download182 =
        "44049121437FF6891010000000001E0270000019000D00000000BFFF00000000000100DCDCDCDCDCDCDCDCDCDC";

    [Theory]
    [InlineData(
        Download161, "D12D8202838106099111223344556677F88B1C04049121437F16891010000000000D53686F7274204D657373616765")]
    [InlineData(
        Download182, "D13E8202838106099111223344556677F88B2D"
            + "44049121437FF6891010000000001E0270000019000D00000000BFFF00000000000100DCDCDCDCDCDCDCDCDCDC")]
    public void An_envelope_is_made_of_a_message(string deliver, string envelope) => Assert.Equal(
        envelope, Envelope.SmsPpDownload(Bytes.FromHex("9111223344556677F8"), Bytes.FromHex(deliver)).ToString());

    [Theory]
    [InlineData("9000", "0000")]
    [InlineData("01234567899000", "00077F16050123456789")]
    [InlineData("9300", "00D400")]
    [InlineData("0123456789ABCDEF9E00", "00D5077F16080123456789ABCDEF")]
    [InlineData("6F00", "00D500")]
    public async Task The_network_hears_what_the_SIM_said(string answer, string report)
    {
        await using var bench = await PhoneBench.ReadyAsync();
        bench.Sim.OnEnvelope = _ => answer;

        Assert.Equal(report, await HearAsync(bench, Download161));

        Assert.Equal(
            "D12B820283810607913316325476F88B1C04049121437F16891010000000000D53686F7274204D657373616765",
            await bench.EnvelopeAsync());
        Assert.Empty(bench.Phone.State.Inbox);
    }

    [Fact]
    public async Task The_report_has_the_coding_of_the_message()
    {
        await using var bench = await PhoneBench.ReadyAsync();
        bench.Sim.OnEnvelope = _ => "98765432109000";

        Assert.Equal("00077FF6059876543210", await HearAsync(bench, Download182));
    }

    [Fact]
    public async Task A_command_that_waits_behind_a_download_is_performed()
    {
        await using var bench = await PhoneBench.ReadyAsync();
        bench.Sim.Offer("D009810301020082028182");

        Assert.Equal("0000", await HearAsync(bench, Download182));

        Assert.Equal("810301020082028281830100", await bench.ResponseAsync());
    }

    [Fact]
    public async Task A_download_for_a_SIM_that_cannot_is_stored_on_it()
    {
        var sim = new PlayedSim();
        sim.SetFile(0x6F38, "FFFFFFFFFFFF00");
        await using var bench = await PhoneBench.ReadyAsync(sim);

        Assert.Equal("0000", await HearAsync(bench, Download161));

        Assert.False(bench.Sim.Envelopes.Reader.TryRead(out _));
        Assert.StartsWith(
            "0307913316325476F804049121437F16", Convert.ToHexString(bench.Sim.Messages[0]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_is_in_the_inbox_and_read_from_there()
    {
        await using var bench = await PhoneBench.ReadyAsync();

        Assert.Equal("0000", await HearAsync(bench, Text("Lunch at one?")));

        await bench.SeeAsync("1 new message");
        await bench.PressAsync("Right Ok");
        await bench.SeeAsync("Lunch at one?");
        var message = Assert.Single(bench.Phone.State.Inbox);
        Assert.Equal(("+1234", true, 1), (message.From, message.IsRead, message.Parts));
        Assert.Equal(1, bench.Phone.State.Traffic.Received);
    }

    [Fact]
    public async Task A_message_that_was_read_can_be_deleted()
    {
        await using var bench = await PhoneBench.ReadyAsync();
        await HearAsync(bench, Text("Away with it"));

        await bench.PressAsync("Right Ok Ok Down Ok");

        await bench.SeeAsync(state => state.Inbox.Count == 0);
    }

    [Fact]
    public async Task Parts_are_put_together_in_any_order()
    {
        await using var bench = await PhoneBench.ReadyAsync();

        await HearAsync(bench, Part("two", 7, 2));
        await HearAsync(bench, Part("two", 7, 2));
        Assert.Empty(bench.Phone.State.Inbox);
        await HearAsync(bench, Part("one, ", 7, 1));

        Assert.Equal("one, two", Assert.Single((await bench.SeeAsync("1 new message")).Inbox).Text);
        Assert.Equal(3, bench.Phone.State.Traffic.Received);
    }

    [Fact]
    public async Task A_message_of_class_0_is_shown_at_once_and_not_kept()
    {
        await using var bench = await PhoneBench.ReadyAsync();

        Assert.Equal("0000", await HearAsync(bench, Text("Flash!", new DataCodingScheme(0x10))));

        await bench.SeeAsync("Flash!");
        Assert.Empty(bench.Phone.State.Inbox);
    }

    [Fact]
    public async Task A_message_of_type_0_is_heard_and_not_shown()
    {
        await using var bench = await PhoneBench.ReadyAsync();

        Assert.Equal("0000", await HearAsync(bench, Text("Psst", protocol: ProtocolIdentifier.TypeZero)));

        Assert.Empty(bench.Phone.State.Inbox);
        await bench.SeeAsync("Played");
    }

    [Fact]
    public async Task Messages_of_class_2_are_kept_by_the_SIM_while_it_has_room()
    {
        await using var bench = await PhoneBench.ReadyAsync();

        Assert.Equal("0000", await HearAsync(bench, Text("First", new DataCodingScheme(0x12))));
        Assert.Equal("0000", await HearAsync(bench, Text("Second", new DataCodingScheme(0x12))));
        Assert.Equal("00D000", await HearAsync(bench, Text("Third", new DataCodingScheme(0x12))));

        Assert.Equal("Second First", string.Join(' ', bench.Phone.State.Inbox.Select(message => message.Text)));
        await bench.PressAsync("Right Ok");
        Assert.Equal((0x03, 0x01), (bench.Sim.Messages[0][0], bench.Sim.Messages[1][0]));
        await bench.PressAsync("Ok Down Ok");
        await bench.SeeAsync(state => state.Inbox.Count == 1);
        Assert.Equal((0x03, 0x00), (bench.Sim.Messages[0][0], bench.Sim.Messages[1][0]));
        Assert.Equal("0000", await HearAsync(bench, Text("Third", new DataCodingScheme(0x12))));
    }

    [Fact]
    public async Task What_the_SIM_keeps_is_there_again_after_power()
    {
        await using var bench = await PhoneBench.ReadyAsync(options: new HandsetOptions { StoresOnSim = true });
        await HearAsync(bench, Part("kept", 9, 1));
        await HearAsync(bench, Part(" well", 9, 2));

        await bench.PressAsync("Power Power");
        await bench.SeeAsync(state => state.Sim == SimState.Ready);

        var message = Assert.Single((await bench.SeeAsync(state => state.Inbox.Count == 1)).Inbox);
        Assert.Equal("kept well", message.Text);
        Assert.Equal([1, 2], message.Places);
    }

    [Fact]
    public async Task A_full_phone_says_so()
    {
        await using var bench = await PhoneBench.ReadyAsync(options: new HandsetOptions { InboxRoom = 1 });

        Assert.Equal("0000", await HearAsync(bench, Text("One")));
        Assert.Equal("00D300", await HearAsync(bench, Text("Two")));

        Assert.Equal("One", Assert.Single(bench.Phone.State.Inbox).Text);
    }

    private static async Task<string> HearAsync(PhoneBench bench, string deliver)
    {
        SmsDeliverReport? report = null;
        await bench.Phone.AskAsync(
            async phone => report = await phone.ReceiveAsync(Bytes.FromHex(deliver).Read<SmsDeliver>()),
            TestContext.Current.CancellationToken);
        return report!.ToBytes().ToString();
    }

    private static string Text(string text, DataCodingScheme? coding = null, ProtocolIdentifier? protocol = null) =>
        Deliver(UserData.OfText(text, Alphabet.Gsm7), coding, protocol);

    private static string Part(string text, byte reference, byte number) => Deliver(new UserData(
        new UserDataHeader([new Concatenation(reference, 2, number, IsWide: false).ToElement()]),
        UserData.OfText(text, Alphabet.Gsm7).Content));

    private static string Deliver(
        UserData data, DataCodingScheme? coding = null, ProtocolIdentifier? protocol = null) =>
        new SmsDeliver(
            Address.Parse("+1234"), protocol ?? ProtocolIdentifier.Plain, coding ?? DataCodingScheme.Gsm7,
            TimeStamp.Of(new DateTimeOffset(2026, 11, 22, 9, 0, 0, TimeSpan.Zero)), data).ToBytes().ToString();
}
