using Tessera.Lab.Phones;
using Tessera.Lab.Phones.Air;
using Tessera.Lab.Phones.Log;
using Xunit;

namespace Tessera.Lab.Tests.Phones;

public sealed class AirTests : IAsyncLifetime
{
    private const string SendSms111 =
        "D037810301130082028183850753656E6420534D86099111223344556677F8"
        + "8B180100099110325476F840F40C54657374204D657373616765";

    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(40);

    private Network _network = null!;
    private PhoneBench _bench = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private AirRelay Air => _bench.Phone.Air!;

    public async ValueTask InitializeAsync()
    {
        _network = await Network.StartAsync(Cancel);
        _bench = await PhoneBench.ReadyAsync(options: new HandsetOptions { Centre = _network.Air });
        await _bench.SeeAsync(state => state.Signal == 4);
    }

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        await _network.DisposeAsync();
    }

    [Fact]
    public async Task A_phone_in_a_network_knows_its_number_and_shows_its_signal()
    {
        var state = await _bench.SeeAsync("Tessera");

        Assert.Equal((Network.Number, 4), (state.Identity.Number, state.Signal));
    }

    [Fact]
    public async Task A_text_of_the_holder_goes_and_comes()
    {
        await _bench.PressAsync("Left 2");
        await _bench.TypeAsync(Network.Number);
        await _bench.PressAsync("Ok");
        await _bench.TypeAsync("Grüße an mich");
        await _bench.PressAsync("Ok");

        await _bench.SeeAsync("Message sent");
        var state = await _bench.SeeAsync(state => state.Inbox.Count == 1);
        Assert.Equal((Network.Number, "Grüße an mich"), (state.Inbox[0].From, state.Inbox[0].Text));
        Assert.Equal(new Traffic(1, 1), state.Traffic);
    }

    [Fact]
    public async Task A_long_text_goes_in_parts_and_comes_whole()
    {
        var text = string.Join(' ', Enumerable.Repeat("Ein langer Satz über nichts.", 12));

        await _bench.Phone.SendAsync(Network.Number, text, Cancel);

        var state = await _bench.SeeAsync(state => state.Inbox.Count == 1);
        Assert.Equal((text, 3), (state.Inbox[0].Text, state.Inbox[0].Parts));
        Assert.Equal(new Traffic(3, 3), state.Traffic);
    }

    [Fact]
    public async Task A_text_to_nobody_is_not_sent_and_the_holder_hears_why()
    {
        await _bench.Phone.SendAsync("+4999", "Hello?", Cancel);

        await _bench.SeeAsync("Not sent: refused");
    }

    [Theory]
    [InlineData("xyz°", "Hello?")]
    [InlineData("+4999999999999999999999999", "Hello?")]
    public async Task What_is_no_number_is_not_sent_to(string number, string text)
    {
        await _bench.Phone.SendAsync(number, text, Cancel);

        await _bench.SeeAsync("No such number");
    }

    [Fact]
    public async Task The_SIM_sends_a_message_as_it_is_but_for_its_reference()
    {
        _bench.Offer(Submit("00", "0100", "0B913316325476F8", "00F5", "0548656C6C6F"));

        Assert.Equal("810301130082028281830100", await _bench.ResponseAsync());
        Assert.Equal("48656C6C6F", (await _bench.SeeAsync(state => state.Inbox.Count == 1)).Inbox[0].Text);
    }

    [Fact]
    public async Task The_phone_packs_what_the_SIM_wrote_an_octet_a_character()
    {
        _bench.Offer(Submit("01", "0100", "0B913316325476F8", "00F5", "0548656C6C6F"));

        Assert.Equal("810301130182028281830100", await _bench.ResponseAsync());
        Assert.Equal("Hello", (await _bench.SeeAsync(state => state.Inbox.Count == 1)).Inbox[0].Text);
    }

    [Fact]
    public async Task The_SIM_hears_the_cause_of_a_refusal()
    {
        _bench.Offer(SendSms111);

        Assert.Equal("81030113008202828183023501", await _bench.ResponseAsync());
    }

    [Fact]
    public async Task The_SIM_hears_that_there_is_no_network()
    {
        Air.SetSignal(signal: false);
        await _bench.SeeAsync("No network");

        _bench.Offer(SendSms111);

        Assert.Equal("81030113008202828183022004", await _bench.ResponseAsync());
    }

    [Fact]
    public async Task The_SIM_hears_that_there_was_no_answer()
    {
        Air.Lose(AirDirection.Up, 1);
        _bench.Offer(SendSms111);
        await _bench.SeeAsync("Send SM");
        await _bench.SeeAsync(_ => Air.Faults.Up.Lose == 0);
        await _bench.Time.TimerAsync(Answer, Cancel);

        _bench.Time.Advance(Answer);

        Assert.Equal("81030113008202828183022100", await _bench.ResponseAsync());
    }

    [Fact]
    public async Task A_phone_that_lost_its_network_finds_it_again()
    {
        Air.SetSignal(signal: false);
        await _bench.SeeAsync("No network");

        Air.SetSignal(signal: true);
        await _bench.Time.TimerAsync(Retry, Cancel);
        _bench.Time.Advance(Retry);

        await _bench.SeeAsync(state => state.Signal == 4);
    }

    [Fact]
    public async Task A_lost_message_comes_again()
    {
        Air.Lose(AirDirection.Down, 1);

        await _bench.Phone.SendAsync(Network.Number, "Lost?", Cancel);

        Assert.Equal("Lost?", (await _bench.SeeAsync(state => state.Inbox.Count == 1)).Inbox[0].Text);
        Assert.Contains(
            _bench.Phone.Log.After(0),
            entry => entry.Text.StartsWith("[lost] SMS-DELIVER", StringComparison.Ordinal));
        Assert.Equal(AirFaults.None, Air.Faults);
    }

    [Fact]
    public async Task A_message_whose_answer_was_lost_comes_twice()
    {
        Air.LoseAnswers(AirDirection.Down, 1);

        await _bench.Phone.SendAsync(Network.Number, "Twice?", Cancel);

        await _bench.SeeAsync(state => state.Inbox.Count == 2);
        Assert.Equal(new Traffic(1, 2), _bench.Phone.State.Traffic);
    }

    [Fact]
    public async Task A_doubled_message_comes_twice()
    {
        Air.Double(AirDirection.Down, 1);

        await _bench.Phone.SendAsync(Network.Number, "Double", Cancel);

        await _bench.SeeAsync(state => state.Traffic.Received >= 1);
        Assert.Contains(
            _bench.Phone.Log.After(0),
            entry => entry.Text.StartsWith("[doubled] RP-DATA", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_message_is_held_back_until_it_is_released()
    {
        Air.Hold(AirDirection.Up);
        await _bench.Phone.SendAsync(Network.Number, "Late", Cancel);
        await _bench.SeeAsync(_ => Air.Faults.Up.Held == 1);
        Assert.Equal(0, _network.Held);
        Assert.Empty(_bench.Phone.State.Inbox);

        await Air.ReleaseAsync(AirDirection.Up, Cancel);

        Assert.Equal("Late", (await _bench.SeeAsync(state => state.Inbox.Count == 1)).Inbox[0].Text);
        Assert.Equal(AirFaults.None, Air.Faults);
    }

    [Fact]
    public async Task A_message_waits_for_the_one_after_it()
    {
        Air.Reorder(AirDirection.Down);
        await _bench.Phone.SendAsync(Network.Number, "First", Cancel);
        await _bench.SeeAsync(_ => Air.Faults.Down.Held == 1);

        await _bench.Phone.SendAsync(Network.Number, "Second", Cancel);

        await _bench.SeeAsync(state =>
            state.Inbox.Any(message => message.Text.Equals("Second", StringComparison.Ordinal))
            && state.Inbox.Any(message => message.Text.Equals("First", StringComparison.Ordinal)));
        Assert.Contains(
            _bench.Phone.Log.After(0),
            entry => entry.Text.StartsWith("[overtook the one before]", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_phone_that_is_off_is_sent_its_messages_when_it_is_on_again()
    {
        await _bench.PressAsync("Power");
        await _bench.PressAsync("Power");
        await _bench.SeeAsync(state => state.Signal == 4);

        await _bench.Phone.SendAsync(Network.Number, "Here again", Cancel);

        await _bench.SeeAsync(state => state.Inbox.Count == 1);
        Assert.Contains(_bench.Phone.Log.After(0), entry => entry is { Hop: LogHop.Air, Text: "DETACH" });
    }

    [Fact]
    public async Task The_log_holds_each_RPDU_and_TPDU_with_its_meaning()
    {
        await _bench.Phone.SendAsync(Network.Number, "Read me", Cancel);
        await _bench.SeeAsync(state => state.Inbox.Count == 1);

        var entries = _bench.Phone.Log.After(0);

        Assert.Contains(entries, entry => entry is
        {
            Hop: LogHop.Air, Direction: LogDirection.ToNetwork, Octets: "000A01080910100000000010",
        });
        Assert.Contains(
            entries, entry => entry.Text.StartsWith("RP-DATA 0, service centre +33612345678", StringComparison.Ordinal));
        Assert.Contains(entries, entry => entry.Hop == LogHop.Message && entry.Direction == LogDirection.FromNetwork
            && entry.Text.Contains("SMS-DELIVER from +33612345678", StringComparison.Ordinal)
            && entry.Text.EndsWith("Read me", StringComparison.Ordinal));
    }

    private static string Submit(string qualifier, string first, string address, string coding, string data)
    {
        var tpdu = first + address + coding + data;
        var inner = $"81030113{qualifier}8202818385008B{tpdu.Length / 2:X2}{tpdu}";
        return $"D0{inner.Length / 2:X2}{inner}";
    }
}
