using System.Collections.Concurrent;
using System.Runtime.Versioning;
using Tessera.Cards;
using Tessera.Terminal.Agents;
using Tessera.Terminal.Serial;
using Tessera.Terminal.Serial.Ends;
using Tessera.Terminal.Serial.Ports;
using Tessera.Terminal.Tests.Agents;
using Tessera.Terminal.Tests.Scripts;
using Tessera.Testing;
using Tessera.Toolkit.Links;
using Tessera.VirtualCard;
using Tessera.Wire;
using Xunit;

namespace Tessera.Terminal.Tests.Serial;

/// <summary>A device with a card and a holder, a cable, a telephone that relays, and a server with a till.</summary>
[SupportedOSPlatform("linux")]
internal sealed class SerialWorld : IAsyncDisposable
{
    private const int BitRate = 115_200;

    // A pseudo terminal is as fast as its programs.
    private static readonly SerialOptions Serial = new()
    {
        BitRate = 10_000_000, OpenEvery = TimeSpan.FromMilliseconds(100),
    };

    private readonly TempFolder _folder = new();
    private readonly ConcurrentQueue<string> _told = new();
    private CancellationTokenSource? _relaying;
    private Task _relay = Task.CompletedTask;
    private PcAgent _agent = null!;

    private SerialWorld(SerialCable cable) => (Cable, Till) = (cable, new Till(Server.Pin.Id, CardInHand.Id));

    public SerialCable Cable { get; }

    public LinkServer Server { get; } = new();

    public Till Till { get; }

    public CardInHand Card { get; } = new();

    public HandReader Reader { get; private set; } = new();

    public TerminalPage Page { get; private set; } = null!;

    public LinkStatus Status => _agent.Status;

    /// <summary>What the relay said.</summary>
    public IEnumerable<string> Told => _told;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<SerialWorld> StartAsync(int seed = 0, double faults = 0)
    {
        var world = new SerialWorld(new SerialCable(seed, faults));
        await world.Till.LoadAsync(world.Card, 5000, Cancel);
        world.StartRelay();
        await world.StartDeviceAsync();
        return world;
    }

    public void StartRelay()
    {
        _relaying = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var relay = new SerialRelay(new SerialRelayOptions
        {
            Host = Server.Address.Host,
            Port = Server.Address.Port,
            Serial = Serial,
            Retry = TimeSpan.FromMilliseconds(20),
            Told = _told.Enqueue,
        });
        _relay = relay.RunAsync(() => SerialPort.Open(Cable.Telephone, BitRate), _relaying.Token);
    }

    public async Task StopRelayAsync()
    {
        await _relaying!.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _relay);
        _relaying.Dispose();
    }

    public async Task StartDeviceAsync()
    {
        var options = new PcAgentOptions
        {
            Name = "Counter 1",
            Folder = _folder.File("terminal"),
            Server = new Uri("serial:device"),
            Pin = Server.Pin,
            Road = new SerialRoad(() => SerialPort.Open(Cable.Device, BitRate), Serial, Server.Pin).OpenAsync,
            ReaderRetry = TimeSpan.FromMilliseconds(1),
        };
        Server.Enrol(PcAgent.IdentityOf(options), options.Name);
        _agent = await PcAgent.StartAsync(options, _ => Task.FromResult<ICardReader>(Reader), Cancel);
        Page = await TerminalPage.OpenAsync(_agent.Page, Cancel);
    }

    public async Task StopDeviceAsync()
    {
        Page.Dispose();
        await _agent.DisposeAsync();
        Reader = new HandReader();
    }

    /// <summary>The card is put in, and the server asks for payment as far as the PIN.</summary>
    public async Task<(ILink Link, Bytes Script, Task<Bytes> Paying)> AskAsync(ICard? card = null)
    {
        Reader.Insert(card ?? Card);
        var link = await Server.SessionAsync(Cancel);
        Till.TakeState(await link.SendAsync(1, Till.Opening(link.Session, 1), Cancel));
        var script = Till.Purchase(link.Session, 2);
        var paying = link.SendAsync(2, script, Cancel);
        await Page.ChooseAsync(0, Cancel);
        await Page.SeeAsync("secret", Cancel);
        return (link, script, paying);
    }

    public Task EnterPinAsync() => Page.EnterAsync("secret", DemonstrationKeys.Pin, Cancel);

    /// <summary>The server knows that the device is away.</summary>
    public Task AwayAsync() => Server.StatusAsync(known => !known.Connected, Cancel);

    public async ValueTask DisposeAsync()
    {
        await StopDeviceAsync();
        await StopRelayAsync();
        await Cable.DisposeAsync();
        await Server.DisposeAsync();
        Till.Dispose();
        _folder.Dispose();
    }
}
