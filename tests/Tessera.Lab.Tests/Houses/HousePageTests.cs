using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Tessera.Lab.Houses;
using Tessera.Lab.Houses.Page;
using Tessera.Lab.Houses.Sockets;
using Tessera.Lab.Houses.Telephones;
using Tessera.Lab.Tests.Phones;
using Tessera.Terminal.Pages;
using Tessera.Testing;
using Xunit;

namespace Tessera.Lab.Tests.Houses;

/// <summary>The page of a house, on a network that the test plays.</summary>
public sealed class HousePageTests : IAsyncLifetime
{
    private readonly VoiceNetwork _network = new();
    private House _house = null!;
    private HousePage _page = null!;
    private HttpClient _http = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _house = await House.StartAsync(
            new HouseOptions { Network = _network.Address, Notes = [new NotedNumber("Shop", Network.Number)] },
            device: null, Cancel);
        _page = await HousePage.StartAsync(_house, () => "", new LocalPageOptions(), Cancel);
        _http = new HttpClient { BaseAddress = _page.Address };
        _http.DefaultRequestHeaders.Add("X-Tessera-Token", _page.Token);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _page.DisposeAsync();
        await _house.DisposeAsync();
        await _network.DisposeAsync();
    }

    [Fact]
    public async Task A_call_is_made_by_the_keys_heard_in_the_handset_and_at_the_socket_and_ended()
    {
        using var handset = await ListenAsync("/telephone/sound", channels: 1);
        using var line = await ListenAsync("/line/sound", channels: 2);
        await PostAsync("/telephone/lift");
        await PostAsync("/telephone/press?keys=12%23");
        Assert.Equal("12#", (await SeeAsync(sight => sight.Telephone.Number.Length > 0)).Telephone.Number);
        await PostAsync("/telephone/dial?number=%2B33639980084");
        var call = await _network.AnswerAsync();
        var sight = await SeeAsync(sight => sight is { Line.Use: LineUse.Voice, Telephone.Phase: TelephonePhase.Connected });
        Assert.Equal(("+33639980084", "Shop"), (sight.Line.Number, sight.Notes[0].Name));

        await PostAsync("/telephone/press?keys=1%23");
        Assert.Equal("1#", await _network.KeysAsync(2));
        await HearsSomethingAsync(handset);
        await HearsSomethingAsync(line);
        await PostAsync("/telephone/hangup");

        Assert.Equal(Tessera.Phone.Sip.CallEndReason.RemoteHungUp, (await call.Ended.WaitAsync(Cancel)).Reason);
        sight = await SeeAsync(sight => sight is { Line.Use: LineUse.Idle, Telephone.Phase: TelephonePhase.OnHook });
        Assert.Equal("The call is over: the house hung up.", sight.Line.Log[^1].Text);
        await PostAsync("/telephone/redial");
        await _network.CalledAsync();
    }

    [Fact]
    public async Task The_line_is_broken_and_mended()
    {
        await PostAsync("/line/faults", new LineFaults(LossPercent: 2.5, DelayMilliseconds: 80));
        var sight = await SeeAsync(sight => sight.Line.Faults != LineFaults.None);
        Assert.Equal(new LineFaults(2.5, 80), sight.Line.Faults);
        await PostAsync("/line/burst?milliseconds=500");
        Assert.Equal("A burst of loss: 500 ms.", (await SeeAsync(sight => sight.Line.Log.Count > 0)).Line.Log[0].Text);
        Assert.Equal(HttpStatusCode.Conflict, await StatusAsync("/line/cut"));
        await PostAsync("/telephone/dial?number=17");
        await _network.AnswerAsync();
        await SeeAsync(sight => sight.Line.Use == LineUse.Voice);

        await PostAsync("/line/cut");

        await SeeAsync(sight => sight is { Line.Use: LineUse.Idle, Telephone.Phase: TelephonePhase.Over });
    }

    [Fact]
    public async Task Keys_are_tones_where_the_switch_says_so()
    {
        await PostAsync("/telephone/in-band-keys?on=true");
        await PostAsync("/telephone/dial?number=17");
        var heard = VoiceNetwork.AcceptAndHearTonesAsync(await _network.CalledAsync(), 3);
        await SeeAsync(sight => sight.Telephone is { Phase: TelephonePhase.Connected, KeysInBand: true });

        await PostAsync("/telephone/press?keys=7*9");

        Assert.Equal("7*9", await heard);
    }

    [Fact]
    public async Task Changes_of_telephone_and_line_are_told_to_whoever_listens()
    {
        await using var events = await _http.GetStreamAsync(
            new Uri($"/events?token={_page.Token}", UriKind.Relative), Cancel);
        using var lines = new StreamReader(events);
        for (var change = 0; change < 3; change++)
        {
            Assert.Equal("event: changed", await lines.ReadLineAsync(Cancel));
            await lines.ReadLineAsync(Cancel);
            await lines.ReadLineAsync(Cancel);
            await PostAsync(change == 0 ? "/telephone/lift" : "/line/burst?milliseconds=1");
        }
    }

    [Theory]
    [InlineData("/telephone/press?keys=1x", "")]
    [InlineData("/telephone/press", "")]
    [InlineData("/telephone/dial?number=hello", "")]
    [InlineData("/telephone/in-band-keys?on=perhaps", "")]
    [InlineData("/line/burst?milliseconds=0", "")]
    [InlineData("/line/burst?milliseconds=2001", "")]
    [InlineData("/line/faults", """{"lossPercent":101}""")]
    [InlineData("/line/faults", """{"lossPercent":-1}""")]
    [InlineData("/line/faults", """{"delayMilliseconds":2001}""")]
    [InlineData("/line/faults", "noise")]
    public async Task What_is_no_request_is_refused(string path, string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        using var answer = await _http.PostAsync(new Uri(path, UriKind.Relative), content, Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task What_cannot_be_done_now_is_a_conflict() =>
        Assert.Equal(HttpStatusCode.Conflict, await StatusAsync("/telephone/redial"));

    [Theory]
    [InlineData("/state")]
    [InlineData("/events")]
    [InlineData("/telephone/sound")]
    [InlineData("/line/sound")]
    public async Task Nobody_reads_or_listens_without_the_token(string path)
    {
        using var http = new HttpClient { BaseAddress = _page.Address };

        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), Cancel);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task Nobody_lifts_the_handset_from_another_page()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/telephone/lift");
        request.Headers.Add("Origin", "http://evil.example");

        using var answer = await _http.SendAsync(request, Cancel);

        Assert.Equal((HttpStatusCode.Forbidden, TelephonePhase.OnHook), (answer.StatusCode, _house.Telephone.State.Phase));
    }

    [Theory]
    [InlineData("/house.css")]
    [InlineData("/house.js")]
    [InlineData("/page.js")]
    [InlineData("/sound.js")]
    [InlineData("/telephone.js")]
    [InlineData("/line.js")]
    [InlineData("/spectrum.js")]
    public async Task The_page_is_whole(string path)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative), Cancel);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private async Task<Stream> ListenAsync(string path, ushort channels)
    {
        var sound = await _http.GetStreamAsync(new Uri(path, UriKind.Relative), Cancel);
        var header = new byte[44];
        await sound.ReadExactlyAsync(header, Cancel);
        Assert.Equal("RIFF"u8, header.AsSpan(0, 4));
        Assert.Equal(channels, System.Buffers.Binary.BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(22)));
        return sound;
    }

    private static async Task HearsSomethingAsync(Stream sound)
    {
        var block = new byte[640];
        do await sound.ReadExactlyAsync(block, Cancel);
        while (block.All(octet => octet == 0));
    }

    private Task<HouseSight> SeeAsync(Func<HouseSight, bool> wanted) => Eventually.SeeAsync(
        async () => JsonSerializer.Deserialize(
            await _http.GetStringAsync(new Uri("/state", UriKind.Relative), Cancel), HouseJson.Default.HouseSight)!,
        wanted, Cancel);

    private async Task PostAsync(string path, LineFaults? faults = null)
    {
        using var answer = faults is null
            ? await _http.PostAsync(new Uri(path, UriKind.Relative), content: null, Cancel)
            : await _http.PostAsJsonAsync(new Uri(path, UriKind.Relative), faults, HouseJson.Default.LineFaults, Cancel);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    private async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var answer = await _http.PostAsync(new Uri(path, UriKind.Relative), content: null, Cancel);
        return answer.StatusCode;
    }
}
