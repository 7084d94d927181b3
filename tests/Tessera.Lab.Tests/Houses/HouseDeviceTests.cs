using System.Text.Json;
using Tessera.Cards;
using Tessera.Lab.Houses.Page;
using Tessera.Lab.Houses.Sockets;
using Tessera.Lab.Houses.Telephones;
using Tessera.Phone.Sound;
using Tessera.Phone.Tones;
using Tessera.Terminal.Lines;
using Tessera.Terminal.Tests.Agents;
using Tessera.Terminal.Tests.Scripts;
using Tessera.Testing;
using Tessera.Toolkit.Links;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;
using Xunit;

namespace Tessera.Lab.Tests.Houses;

/// <summary>The house of the world, all of its hops real: telephone, device, wall, a service that speaks and asks for data.</summary>
public sealed class HouseDeviceTests : IAsyncLifetime
{
    private static readonly TimeSpan Armed = TimeSpan.FromMinutes(2);

    private readonly TempFolder _folder = new();
    private readonly LinkServer _server = new();
    private readonly LineDesk _desk = new();
    private LabWorld _world = null!;
    private HttpClient _http = null!;
    private CardId _card;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _world = await LabWorld.StartAsync(
            new LabOptions
            {
                Folder = _folder.File("lab"),
                Link = _server.Address,
                Pin = _server.Pin,
                Origin = "http://127.0.0.1:5080",
                VoiceNetwork = _desk.Address,
                LineServer = _desk.Server,
                Enrol = (terminal, name, _) =>
                {
                    _server.Enrol(terminal, name);
                    _desk.Enrol(terminal);
                    return Task.CompletedTask;
                },
                Make = DemonstrationCards.MakeAsync,
                Register = (order, _) =>
                {
                    if (order.Make == CardMake.Iso) _card = order.Card;
                    return Task.CompletedTask;
                },
            },
            Cancel);
        var page = _world.State.Places.Single(place => place.Name is LabWorld.House).Page;
        _http = new HttpClient { BaseAddress = page };
        var html = await _http.GetStringAsync(page, Cancel);
        const string mark = "name=\"token\" content=\"";
        var at = html.IndexOf(mark, StringComparison.Ordinal) + mark.Length;
        _http.DefaultRequestHeaders.Add("X-Tessera-Token", html[at..html.IndexOf('"', at)]);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _world.DisposeAsync();
        await _desk.DisposeAsync();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_card_pays_by_PIN_and_by_finger_in_the_middle_of_a_call_that_goes_on()
    {
        using var till = new Till(new PeerIdentity(_desk.Server.Identity).Id, _card);
        await _world.InsertAsync(LabWorld.HoldersCard, LabWorld.House, Cancel);
        await PostAsync("/telephone/dial?number=17");
        var call = await _desk.AnswerAsync();
        await PlaysAsync(call);
        await SeeAsync(sight => sight.Device is { HasSession: true, Stage: LineStage.Voice, Card: "The holder's card" });

        var asked = call.AwaitDataAsync(Armed, Cancel);
        await PressAsync("Data");
        _desk.Serve(await asked);
        var link = await _desk.Listener.Links.ReadAsync(Cancel);
        Assert.False(call.IsVoice);
        till.TakeState(await link.SendAsync(1, Till.Opening(link.Session, 1), Cancel));
        await link.SendAsync(2, till.Load(link.Session, 2, 5000), Cancel);
        till.TakeState(await link.SendAsync(3, Till.Opening(link.Session, 3), Cancel));
        var script = till.Purchase(link.Session, 4);
        var paying = link.SendAsync(4, script, Cancel);
        var sight = await ShowsAsync("Where to?");
        Assert.Equal((LineStage.Data, LineUse.Data), (sight.Device!.Stage, sight.Line.Use));
        await PressAsync("Ok");
        await EnterPinAsync();

        Assert.Equal(320u, till.Paid(script, await paying, link.Profile)?.Amount);
        Assert.True(link.Profile is { HasPrinter: true, HasBiometrics: true });
        await PayByFingerAsync(link, till, 5);
        await link.SendAsync(9, Bytes.Of(new ScriptBuilder().Print("Have a good trip").Build(link.Session, 9)), Cancel);
        var paper = (await StateAsync()).Device!.Paper;
        Assert.Equal("Have a good trip", Assert.Single(Assert.Single(paper)).Text);
        await PostAsync("/device/paper/tear");
        Assert.Empty((await StateAsync()).Device!.Paper);
        Assert.True(_desk.Listener.Pause(link.Terminal));
        await SeeAsync(sight => sight.Device!.Stage == LineStage.Armed);
        await PlaysAsync(call);
        sight = await SeeAsync(sight => sight.Line.Use == LineUse.Voice);
        Assert.Equal((TelephonePhase.Connected, false), (sight.Telephone.Phase, call.Ended.IsCompleted));
        Assert.Single(sight.Line.Log, entry => entry.Text.StartsWith("The house calls", StringComparison.Ordinal));
        Assert.Contains(sight.Line.Log, entry => entry.Text.StartsWith("Voice again after", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Power_is_lost_at_once_and_with_it_the_call_and_the_telephone_is_then_at_the_wall()
    {
        await _world.InsertAsync(LabWorld.HoldersCard, LabWorld.House, Cancel);
        await PostAsync("/telephone/dial?number=17");
        var call = await _desk.AnswerAsync();
        await SeeAsync(sight => sight.Device is { HasSession: true, Stage: LineStage.Voice });

        await PostAsync("/device/power?on=false");

        await call.Ended.WaitAsync(Cancel);
        var sight = await SeeAsync(sight => sight is { Telephone.Phase: TelephonePhase.Over, Line.Use: LineUse.Idle });
        Assert.False(sight.Device!.IsOn);
        Assert.All(sight.Device.Lines, line => Assert.Equal("", line));
        using var refused = await _http.PostAsync(new Uri("/device/key?ask=0&key=Ok", UriKind.Relative), content: null, Cancel);
        Assert.Equal(System.Net.HttpStatusCode.Conflict, refused.StatusCode);
        await PostAsync("/telephone/redial");
        await PlaysAsync(await _desk.AnswerAsync());

        await PostAsync("/telephone/hangup");
        await PostAsync("/device/power?on=true");

        await SeeAsync(sight => sight.Device is { IsOn: true, HasSession: true });
        await PostAsync("/telephone/redial");
        await _desk.AnswerAsync();
        await SeeAsync(sight => sight.Device!.Stage == LineStage.Voice);
    }

    [Fact]
    public async Task The_plug_is_pulled_and_the_battery_drained()
    {
        await PostAsync("/device/mains?on=false");
        await PostAsync("/device/battery?percent=3");

        var sight = await SeeAsync(sight => sight.Device!.Lines[0].StartsWith("Battery empty", StringComparison.Ordinal));

        Assert.Equal((false, 3), (sight.Device!.IsMains, sight.Device.Percent));
        foreach (var path in new[] { "/device/battery?percent=101", "/device/battery?percent=x", "/device/key?ask=1&key=99" })
        {
            using var answer = await _http.PostAsync(new Uri(path, UriKind.Relative), content: null, Cancel);
            Assert.Equal(System.Net.HttpStatusCode.BadRequest, answer.StatusCode);
        }
    }

    /// <summary>The service plays a tone until it is heard in the handset.</summary>
    private async Task PlaysAsync(Tessera.Phone.Calls.AnsweredCall call)
    {
        await using var sound = await _http.GetStreamAsync(new Uri("/telephone/sound", UriKind.Relative), Cancel);
        await sound.ReadExactlyAsync(new byte[44], Cancel);
        var tone = new short[AudioBlock.Rate * 60];
        new ToneGenerator(Cadence.Dial).Read(tone);
        using var heard = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var playing = call.PlayAsync(tone, heard.Token);
        var block = new byte[2 * AudioBlock.Length];
        do await sound.ReadExactlyAsync(block, Cancel);
        while (LevelOf(block) is not (> -14 and < -12));
        await heard.CancelAsync();
        await playing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static double LevelOf(byte[] octets)
    {
        Span<short> samples = stackalloc short[AudioBlock.Length];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = System.Buffers.Binary.BinaryPrimitives.ReadInt16LittleEndian(octets.AsSpan(2 * i));
        return Level.Of(samples);
    }

    /// <summary>Another finger costs a try and pays nothing; the holder's pays.</summary>
    private async Task PayByFingerAsync(ILink link, Till till, byte number)
    {
        using var unasked = await _http.PostAsync(
            new Uri("/device/finger?own=true", UriKind.Relative), content: null, Cancel);
        Assert.Equal(System.Net.HttpStatusCode.Conflict, unasked.StatusCode);
        till.TakeState(await link.SendAsync(number, Till.Opening(link.Session, number), Cancel));
        var refused = await LayAsync(link, till.Purchase(link.Session, ++number, withFinger: true), number, own: false);
        Assert.Equal(0x63C4, Assert.IsType<CardResult>(refused.Read<ResponseScript>().Results[^1]).Answer.Status.Value);

        till.TakeState(await link.SendAsync(++number, Till.Opening(link.Session, number), Cancel));
        var script = till.Purchase(link.Session, ++number, withFinger: true);
        var answer = await LayAsync(link, script, number, own: true);
        Assert.Equal(
            new Payment(PaymentMethod.Finger, Till.Euro, 320, "Centre 3.20"), till.Paid(script, answer, link.Profile));
        Assert.False((await StateAsync()).Device!.WantsFinger);
    }

    private async Task<Bytes> LayAsync(ILink link, Bytes script, byte number, bool own)
    {
        var paying = link.SendAsync(number, script, Cancel);
        await ShowsAsync("Where to?");
        await PressAsync("Ok");
        await SeeAsync(sight => sight.Device!.WantsFinger);
        await ShowsAsync("3.20 EUR, finger");
        await PostAsync($"/device/finger?own={(own ? "true" : "false")}");
        return await paying;
    }

    private async Task EnterPinAsync()
    {
        await ShowsAsync("3.20 EUR");
        await PressAsync("Ok");
        await ShowsAsync("PIN");
        foreach (var digit in "123456") await PressAsync($"Digit{digit}");
        await PressAsync("Ok");
    }

    /// <summary>Presses a key for what stands on the display.</summary>
    private async Task PressAsync(string key) =>
        await PostAsync(FormattableString.Invariant($"/device/key?ask={(await StateAsync()).Device!.Ask}&key={key}"));

    private Task<HouseSight> ShowsAsync(string text) =>
        SeeAsync(sight => string.Join('\n', sight.Device!.Lines).Contains(text, StringComparison.Ordinal));

    private Task<HouseSight> SeeAsync(Func<HouseSight, bool> wanted) => Eventually.SeeAsync(StateAsync, wanted, Cancel);

    private async Task<HouseSight> StateAsync() => JsonSerializer.Deserialize(
        await _http.GetStringAsync(new Uri("/state", UriKind.Relative), Cancel), HouseJson.Default.HouseSight)!;

    private async Task PostAsync(string path)
    {
        using var answer = await _http.PostAsync(new Uri(path, UriKind.Relative), content: null, Cancel);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync(Cancel)}");
    }
}
