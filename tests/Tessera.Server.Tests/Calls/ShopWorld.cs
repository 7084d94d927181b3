using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tessera.Cards;
using Tessera.Lab;
using Tessera.Phone.Calls;
using Tessera.Phone.Data;
using Tessera.Phone.Rtp;
using Tessera.Phone.Sip;
using Tessera.Phone.Tones;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Platform.Views;
using Tessera.Server.Calls;
using Tessera.Server.Cards;
using Tessera.Server.Hosting;
using Tessera.Terminal.Displays;
using Tessera.Terminal.Lines;
using Tessera.Terminal.Ports;
using Tessera.Testing;
using Tessera.VirtualCard.Memory;
using Xunit;

namespace Tessera.Server.Tests.Calls;

/// <summary>The server with its calls, and a home with telephone, device and card: SIP and RTP over real sockets.</summary>
internal sealed class ShopWorld : IAsyncDisposable
{
    public const string Shop = "33639980084";

    private const string Number = "+33639980001";

    private static readonly CardId Card = new(0x5465737361720042);

    /// <summary>In the telephone that the network asserts.</summary>
    private static readonly CardId Sim = new(0x5465737361720043);

    private readonly TempFolder _data;
    private readonly TempFolder _home = new();
    private readonly RtpPacer _pacer = new(TimeProvider.System);
    private readonly LineKey _key;
    private readonly DataFolder _folder;
    private readonly IHost _server;

    private ShopWorld(TempFolder data, DataFolder folder, IHost server, HomeCard slot)
    {
        (_data, _folder, _server, Slot) = (data, folder, server, slot);
        _key = LineKey.Of(folder.Certificate);
        DeviceOptions = new LineTerminalOptions
        {
            Name = "Home",
            Folder = _home.Path,
            Server = LinePublicKey.Of(folder.Certificate),
            Display = new DisplaySize(4, 20),
            Ports = new TerminalPorts { Printer = new EscPosPrinter(Paper.Head) },
        };
        Device = LineTerminal.Start(DeviceOptions, _ => Task.FromResult<ICardReader>(Slot));
    }

    public HomeCard Slot { get; }

    /// <summary>Of the device's printer.</summary>
    public VirtualPaper Paper { get; } = new();

    public LineTerminalOptions DeviceOptions { get; }

    public LineTerminal Device { get; }

    private VoiceRoad Road => _server.Services.GetRequiredService<VoiceRoad>();

    private Treasury Treasury => _server.Services.GetRequiredService<Treasury>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <param name="funds">What is on the account from the beginning.</param>
    /// <param name="enrolled">Whether the server knows the device.</param>
    /// <param name="limits">Null for those of the product.</param>
    public static async Task<ShopWorld> StartAsync(Amount funds, bool enrolled = true, CallLimits? limits = null)
    {
        var data = new TempFolder();
        var options = new ServerOptions { Data = data.Path, Lab = false, SipPort = 0 };
        var folder = await DataFolder.OpenAsync(options, Cancel);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddConsole();
        builder.Services.AddTessera(options, folder);
        if (limits is not null) builder.Services.AddSingleton(limits);
        var server = builder.Build();
        var issuing = server.Services.GetRequiredService<CardIssuing>();
        var order = new CardOrder(Card, CardMake.Iso, Card);
        await issuing.RegisterAsync(order, "Ada Marchand", Cancel);
        await issuing.RegisterAsync(new CardOrder(Sim, CardMake.Sim, Card), "Ada Marchand", Cancel);
        var image = new MemoryMedium();
        await issuing.MakeAsync(order, image, Cancel);
        var world = new ShopWorld(data, folder, server, new HomeCard(image));
        if (enrolled) folder.Terminals.Add(LineTerminal.IdentityOf(world.DeviceOptions), "Home");
        if (funds > Amount.Zero)
            await world.Treasury.FundAsync(await world.HolderAsync(), funds.MinorUnits, "bank", "test", Cancel);
        world.Road.Start();
        await server.StartAsync(Cancel);
        return world;
    }

    /// <summary>What the account holds.</summary>
    public async Task<long> AccountAsync() => (await MoneyAsync()).Account;

    /// <summary>The holder's money as the books have it.</summary>
    public async Task<PurseView> MoneyAsync() =>
        (await Treasury.ViewAsync(await HolderAsync(), Card, long.MaxValue, 10, Cancel))!;

    /// <summary>The holder presses the data key once the device lets them.</summary>
    public async Task PressDataKeyAsync()
    {
        await SeeAsync("Press data key");
        Assert.Equal(DataKeyAnswer.Asking, Device.PressDataKey());
    }

    /// <summary>The holder types at the device when it shows that.</summary>
    public async Task TypeAsync(string shown, params IEnumerable<Key> keys)
    {
        await SeeAsync(shown);
        foreach (var key in keys) Assert.True(Device.Screen.TryPress(Device.Screen.Ask, key));
    }

    public async Task SeeAsync(string text)
    {
        while (true)
        {
            var number = Device.Screen.Number;
            if (string.Join('\n', Device.Screen.Lines).Contains(text, StringComparison.Ordinal)) return;
            try
            {
                await Device.Screen.ChangedAsync(number, Cancel).WaitAsync(TimeSpan.FromSeconds(60), Cancel);
            }
            catch (TimeoutException e)
            {
                throw new TimeoutException($"'{text}' was awaited, this is shown: {Device.Screen.Lines}", e);
            }
        }
    }

    /// <summary>The telephone is taken off the hook and calls.</summary>
    public Task<HomeCall> CallAsync(string number, bool withDevice = true) => HomeCall.BeginAsync(
        _pacer, Road.Address!, number,
        withDevice ? Device.BeginCall() : null);

    /// <summary>The same, in memory.</summary>
    public HomeTalk Talk(string number = Shop, bool withDevice = true)
    {
        var desk = new CallDesk(KeySource.Events, Road.Line(_key))
        {
            Caller = new CallerIdentity(CallerCertainty.Asserted, SipUri.Parse($"sip:{Number}@network")),
            Called = number,
            Id = "talk",
        };
        var router = _server.Services.GetRequiredService<CallRouter>();
        return HomeTalk.Begin(desk, Device, withDevice, call => router.AnswerAsync(call, Cancel));
    }

    private async Task<HolderId> HolderAsync() =>
        (await _server.Services.GetRequiredService<IHolderStore>().FindCardAsync(Card, Cancel))!.Holder;

    public async ValueTask DisposeAsync()
    {
        await Device.DisposeAsync();
        await _server.StopAsync(Cancel);
        if (_server is IAsyncDisposable server) await server.DisposeAsync();
        _pacer.Dispose();
        _key.Dispose();
        await _folder.DisposeAsync();
        _data.Dispose();
        _home.Dispose();
    }
}
