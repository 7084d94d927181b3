using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Tessera.Lab.Calls;
using Tessera.Lab.Phones;
using Tessera.Lab.Phones.Page;
using Tessera.Terminal.Pages;
using Tessera.Testing;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Vpcd;
using Xunit;

namespace Tessera.Lab.Tests.Phones;

/// <summary>The page of a phone with a real virtual SIM in its slot and the real centre on its air.</summary>
public sealed class PhonePageTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly VoiceNetwork _voice = new();
    private Network _network = null!;
    private VpcdSlot _slot = null!;
    private Handset _phone = null!;
    private SimTray _tray = null!;
    private PhonePage _page = null!;
    private HttpClient _http = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _network = await Network.StartAsync(Cancel);
        var image = _folder.File("sim.img");
        using (var medium = FileMedium.Create(image))
        using (var sim = Personalisation.DemonstrationSim(new Cards.CardId(0x0123456789ABCDEF)))
        {
            CardImage.Create(medium, sim);
        }

        _slot = VpcdSlot.Listen(new IPEndPoint(IPAddress.Loopback, 0));
        _phone = Handset.Start(new HandsetOptions { Centre = _network.Air, VoiceNetwork = _voice.Address }, _slot);
        _tray = new SimTray(_slot.EndPoint, image);
        await _tray.InsertAsync(Cancel);
        _page = await PhonePage.StartAsync(_phone, _tray, new LocalPageOptions(), Cancel);
        _http = new HttpClient { BaseAddress = _page.Address };
        _http.DefaultRequestHeaders.Add("X-Tessera-Token", _page.Token);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _page.DisposeAsync();
        await _tray.DisposeAsync();
        await _phone.DisposeAsync();
        await _network.DisposeAsync();
        await _voice.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_menu_of_the_SIM_is_reached_by_keys_and_its_first_message_goes_out()
    {
        var ready = await SeeAsync(sight => sight.Phone is { Menu: not null, Signal: 4 });
        Assert.Equal(("Tessera", "001010000000001"), (ready.Phone.Menu!.Title, ready.Phone.Identity.Imsi));

        await PressAsync("Left", "Digit4", "Ok");

        await SeeAsync(sight => sight.Phone.Traffic.Sent == 1);
        var log = await Eventually.SeeAsync(
            () => _http.GetStringAsync(new Uri("/log", UriKind.Relative), Cancel),
            log => log.Contains("secured packet", StringComparison.Ordinal), Cancel);
        Assert.Contains("MENU SELECTION", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_is_sent_and_read()
    {
        await SeeAsync(sight => sight.Phone.Signal == 4);

        Assert.Equal(
            HttpStatusCode.NoContent, await PostAsync("/send", new { to = Network.Number, text = "Over HTTP" }));

        var sight = await SeeAsync(sight => sight.Phone.Inbox.Count == 1);
        Assert.Equal("Over HTTP", sight.Phone.Inbox[0].Text);
        var download = await _http.GetStringAsync(new Uri($"/log.txt?token={_page.Token}", UriKind.Relative), Cancel);
        Assert.Contains("SMS-SUBMIT", download, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_SIM_is_taken_out_put_in_and_loses_its_power()
    {
        await SeeAsync(sight => sight is { Phone.Sim: SimState.Ready, Tray.IsInserted: true });

        Assert.Equal(HttpStatusCode.NoContent, await PostAsync("/faults", new { fault = "remove" }));
        await SeeAsync(sight => sight is { Phone.Sim: SimState.Absent, Tray.IsInserted: false });
        Assert.Equal(HttpStatusCode.Conflict, await PostAsync("/faults", new { fault = "cut", count = 0 }));
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync("/faults", new { fault = "insert" }));
        await SeeAsync(sight => sight.Phone is { Menu: not null, Signal: 4 });
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync("/faults", new { fault = "cut", count = 0 }));
        await PressAsync("Left", "Digit4", "Ok");

        await SeeAsync(sight => sight is { Phone.Sim: SimState.Absent, Tray.IsInserted: false });
    }

    [Fact]
    public async Task The_air_is_switched()
    {
        Assert.Equal(
            HttpStatusCode.NoContent, await PostAsync("/faults", new { fault = "lose", direction = "up", count = 3 }));
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync("/faults", new { fault = "hold", direction = "down" }));
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync("/faults", new { fault = "signal", count = 0 }));
        var sight = await SeeAsync(sight => sight.Air is { Signal: false });
        Assert.Equal((3, true), (sight.Air!.Up.Lose, sight.Air.Down.Hold));

        Assert.Equal(HttpStatusCode.NoContent, await PostAsync("/faults", new { fault = "clear" }));

        await SeeAsync(sight => sight.Air == Tessera.Lab.Phones.Air.AirFaults.None);
    }

    [Fact]
    public async Task The_phone_is_switched_off_and_on()
    {
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync("/power?on=false", null));
        Assert.False((await SeeAsync(sight => !sight.Phone.IsOn)).Phone.IsOn);
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync("/power?on=true", null));

        await SeeAsync(sight => sight.Phone is { IsOn: true, Sim: SimState.Ready });
    }

    [Fact]
    public async Task A_call_is_made_heard_and_ended_and_a_text_comes_meanwhile()
    {
        await SeeAsync(sight => sight.Phone is { Signal: 4, Menu: not null });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/sound");
        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        Assert.Equal("audio/wav", answer.Content.Headers.ContentType?.MediaType);
        await using var sound = await answer.Content.ReadAsStreamAsync(Cancel);
        var header = new byte[44];
        await sound.ReadExactlyAsync(header, Cancel);
        Assert.Equal("RIFF"u8, header.AsSpan(0, 4));
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync("/dial?number=%2B33639980083", null));
        var call = await _voice.AnswerAsync();
        Assert.Equal(Network.Number, call.Caller.Number);
        await SeeAsync(sight => sight.Phone.Call?.Phase == CallPhase.Connected);

        // Who is heard hears: keys pressed before that may find nobody.
        var block = new byte[320];
        do await sound.ReadExactlyAsync(block, Cancel);
        while (block.All(octet => octet == 0));
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync("/press?keys=1%23", null));
        Assert.Equal("1#", await _voice.KeysAsync(2));
        Assert.Equal(
            HttpStatusCode.NoContent, await PostAsync("/send", new { to = Network.Number, text = "Your login" }));
        var sight = await SeeAsync(sight => sight.Phone.Inbox.Any(message => message.Text is "Your login"));
        Assert.Equal(CallPhase.Connected, sight.Phone.Call?.Phase);
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync("/hangup", null));

        await SeeAsync(sight => sight.Phone.Call?.Ending == CallEnding.HungUp);
        Assert.Equal(Tessera.Phone.Sip.CallEndReason.RemoteHungUp, (await call.Ended.WaitAsync(Cancel)).Reason);
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync("/hide-number?hidden=true", null));
        await SeeAsync(sight => sight.Phone.HidesNumber);
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync("/in-band-keys?on=true", null));
        await SeeAsync(sight => sight.Phone.KeysInBand);
    }

    [Fact]
    public async Task A_call_to_the_service_makes_the_SIM_announce_it()
    {
        await SeeAsync(sight => sight.Phone is { Signal: 4, Menu: not null });

        Assert.Equal(HttpStatusCode.NoContent, await PostAsync("/dial?number=%2B33639980083", null));
        await _voice.AnswerAsync();

        await SeeAsync(sight => sight.Phone is { Traffic.Sent: 1, Call.Phase: CallPhase.Connected });
        Assert.Contains(
            "CALL CONTROL: allowed", await _http.GetStringAsync(new Uri("/log", UriKind.Relative), Cancel),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/faults", """{"fault":"earthquake"}""")]
    [InlineData("/faults", """{"fault":"lose","count":-1}""")]
    [InlineData("/faults", """{"fault":"lose","direction":"sideways"}""")]
    [InlineData("/faults", "{}")]
    [InlineData("/type", """{"text":null}""")]
    [InlineData("/type", "noise")]
    [InlineData("/key?key=Moon", "")]
    [InlineData("/key?key=99", "")]
    [InlineData("/power?on=perhaps", "")]
    [InlineData("/dial?number=hello", "")]
    [InlineData("/dial", "")]
    [InlineData("/press?keys=1x", "")]
    [InlineData("/hide-number?hidden=perhaps", "")]
    [InlineData("/in-band-keys?on=perhaps", "")]
    public async Task What_is_no_request_is_refused(string path, string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        using var answer = await _http.PostAsync(new Uri(path, UriKind.Relative), content, Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("/state")]
    [InlineData("/log")]
    [InlineData("/log.txt")]
    [InlineData("/events")]
    [InlineData("/sound")]
    public async Task Nobody_reads_without_the_token(string path)
    {
        using var http = new HttpClient { BaseAddress = _page.Address };

        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), Cancel);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task Nobody_writes_from_another_page_or_under_another_name()
    {
        foreach (var (header, value) in new[] { ("Origin", "http://evil.example"), ("Host", "evil.example") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/key?key=Power");
            request.Headers.TryAddWithoutValidation(header, value);
            using var answer = await _http.SendAsync(request, Cancel);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }

        Assert.True(_phone.State.IsOn);
    }

    [Fact]
    public async Task The_page_is_whole_and_its_own()
    {
        using var answer = await _http.GetAsync(new Uri("/", UriKind.Relative), Cancel);
        var html = await answer.Content.ReadAsStringAsync(Cancel);

        Assert.Contains($"content=\"{_page.Token}\"", html, StringComparison.Ordinal);
        var policy = string.Join(' ', answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("#screen", await GetAsync("/phone.css"), StringComparison.Ordinal);
        Assert.Contains("/page.js", await GetAsync("/phone.js"), StringComparison.Ordinal);
        Assert.Contains("EventSource", await GetAsync("/page.js"), StringComparison.Ordinal);
        Assert.Contains("AudioContext", await GetAsync("/sound.js"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changes_are_told_to_whoever_listens()
    {
        var address = new Uri($"/events?token={_page.Token}", UriKind.Relative);
        await using var events = await _http.GetStreamAsync(address, Cancel);
        using var lines = new StreamReader(events);
        Assert.Equal("event: changed", await lines.ReadLineAsync(Cancel));
        await lines.ReadLineAsync(Cancel);
        await lines.ReadLineAsync(Cancel);

        await PressAsync("Left");

        Assert.Equal("event: changed", await lines.ReadLineAsync(Cancel));
    }

    private Task<string> GetAsync(string path) => _http.GetStringAsync(new Uri(path, UriKind.Relative), Cancel);

    private Task<PhoneSight> SeeAsync(Func<PhoneSight, bool> wanted) => Eventually.SeeAsync(
        async () => JsonSerializer.Deserialize(
            await _http.GetStringAsync(new Uri("/state", UriKind.Relative), Cancel), PhoneJson.Default.PhoneSight)!,
        wanted, Cancel);

    private async Task PressAsync(params string[] keys)
    {
        foreach (var key in keys) Assert.Equal(HttpStatusCode.NoContent, await PostAsync($"/key?key={key}", null));
    }

    private async Task<HttpStatusCode> PostAsync(string path, object? body)
    {
        using var answer = body is null
            ? await _http.PostAsync(new Uri(path, UriKind.Relative), content: null, Cancel)
            : await _http.PostAsJsonAsync(new Uri(path, UriKind.Relative), body, Cancel);
        return answer.StatusCode;
    }
}
