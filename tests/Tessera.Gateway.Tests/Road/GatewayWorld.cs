using System.Collections.Concurrent;
using Tessera.Cards;
using Tessera.Smpp;
using Tessera.Storage;
using Tessera.Storage.Gateway;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Gateway.Tests.Road;

/// <summary>The gateway with its database, an SMSC and cards; it can be stopped and started again.</summary>
internal sealed class GatewayWorld : IAsyncDisposable
{
    public const string Number = "33612345678";

    /// <summary>How long a test waits for what must come.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TempFolder _folder = new();
    private readonly MasterKeys _masters = MasterKeys.Generate(1);
    private readonly TimeProvider _time;
    private Database _database = null!;

    private GatewayWorld(TimeProvider time, Func<SmsGatewayOptions, SmsGatewayOptions> with)
    {
        _time = time;
        Options = with(new SmsGatewayOptions
        {
            Smsc = Centre.EndPoint,
            Esme = Centre.Esme,
            ServiceNumber = SmppAddress.International("5000"),
            Keys = version => version == 1 ? _masters : null,
            FirstReconnect = TimeSpan.FromMilliseconds(10),
            MaxReconnect = TimeSpan.FromMilliseconds(50),
            Told = Told.Enqueue,
        });
        Card = NewCard(0xA1A2A3A4A5A6A7A8, Number);
    }

    public PlayedCentre Centre { get; } = new();

    public SmsGatewayOptions Options { get; set; }

    /// <summary>The card at <see cref="Number"/>.</summary>
    public PlayedCard Card { get; }

    public SqliteGatewayStore Store { get; private set; } = null!;

    public SmsGateway Gateway { get; private set; } = null!;

    public ConcurrentQueue<GatewayEvent> Told { get; } = new();

    /// <summary>Told of every commit; what it throws is a crash there.</summary>
    public Action<string>? OnDurable { get; set; }

    /// <summary>With a clock that the test moves.</summary>
    public ManualTime Time => (ManualTime)_time;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<GatewayWorld> StartAsync(
        TimeProvider? time = null, Func<SmsGatewayOptions, SmsGatewayOptions>? with = null)
    {
        var world = new GatewayWorld(time ?? TimeProvider.System, with ?? (options => options));
        await world.StartGatewayAsync();
        await world.RegisterAsync(world.Card);
        return world;
    }

    public PlayedCard NewCard(ulong id, string number) => new(_masters, new CardId(id), number);

    public Task RegisterAsync(PlayedCard card) => Store.RegisterAsync(new Subscriber(card.Id, card.Number, 1), Cancel);

    /// <summary>Stops, as a crash or in order makes no difference to what is on disk, and starts over it.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartGatewayAsync();
    }

    public async Task StartGatewayAsync()
    {
        _database = await Database.OpenAsync(_folder.File("tessera.db"), name => OnDurable?.Invoke(name), Cancel);
        Store = new SqliteGatewayStore(_database);
        Gateway = await SmsGateway.StartAsync(Options, Store, _time, Cancel);
    }

    public async Task StopAsync()
    {
        await Gateway.DisposeAsync();
        await _database.DisposeAsync();
    }

    /// <summary>The messages arrive at the gateway, one after the other.</summary>
    public async Task SayAsync(PlayedCard card, IEnumerable<Bytes> messages)
    {
        foreach (var message in messages)
            Assert.Equal(CommandStatus.Ok, await Centre.DeliverAsync(card.Number, message, Cancel));
    }

    /// <summary>The card opens a session, and the gateway hands it out.</summary>
    public async Task<SmsLink> OpenAsync(PlayedCard? card = null)
    {
        await SayAsync(card ?? Card, (card ?? Card).Open());
        return await LinkAsync();
    }

    public Task<SmsLink> LinkAsync() => Gateway.Links.ReadAsync(Cancel).AsTask().WaitAsync(Patience, Cancel);

    /// <summary>Lets that time pass, once somebody waits for it.</summary>
    public async Task PassAsync(TimeSpan delay)
    {
        await Time.TimerAsync(delay, Cancel).WaitAsync(Patience, Cancel);
        Time.Advance(delay);
    }

    /// <summary>The next message reaches the phone: its receipt goes up.</summary>
    /// <returns>The card's answer, where it had one to give.</returns>
    public async Task<Bytes?> CarryAsync(PlayedCard? card = null)
    {
        var sent = await Centre.NextAsync(Cancel);
        var answer = (card ?? Card).Hear(sent.Message.Text);
        Assert.Equal(CommandStatus.Ok, await Centre.ReceiptAsync(sent, MessageState.Delivered, Cancel));
        return answer;
    }

    /// <summary>As many messages as the script takes reach the phone, and the answer comes back.</summary>
    public async Task AnswerAsync(PlayedCard? card = null)
    {
        Bytes? answer;
        do answer = await CarryAsync(card);
        while (answer is null);
        await SayAsync(card ?? Card, (card ?? Card).Say(answer.Value));
    }

    public IReadOnlyList<Refusal> Refused => [.. Told.OfType<MessageRefused>().Select(refused => refused.Why)];

    public async ValueTask DisposeAsync()
    {
        OnDurable = null;
        await StopAsync();
        await Centre.DisposeAsync();
        _masters.Dispose();
        _folder.Dispose();
    }
}
