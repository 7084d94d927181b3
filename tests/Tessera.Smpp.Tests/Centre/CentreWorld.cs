using System.Net;
using System.Threading.Channels;
using Tessera.Smpp.Centre;
using Tessera.Sms.Messages;
using Tessera.Testing;
using Xunit;

namespace Tessera.Smpp.Tests.Centre;

/// <summary>A centre with two subscribers on real loopback sockets, its clock in the hand of the test.</summary>
internal sealed class CentreWorld : IAsyncDisposable
{
    public static readonly Subscriber Ada = new(Imsi.Parse("001010000000001"), Msisdn.Parse("+33612345678"));
    public static readonly Subscriber Bob = new(Imsi.Parse("001010000000002"), Msisdn.Parse("+33687654321"));

    public static readonly EsmeAccount Shop =
        new() { SystemId = "shop", Password = "secret", Addresses = ["5555", "Tessera", "7*"] };

    public static readonly EsmeAccount Bank = new() { SystemId = "bank", Password = "vault", Addresses = ["+4470"] };

    /// <summary>Tests move the clock by days: nobody is to be taken for silent.</summary>
    private static readonly TimeSpan Never = TimeSpan.FromDays(1000);

    private readonly CentreListener _air;
    private readonly SmppListener _smpp;

    private CentreWorld(ShortMessageCentre centre, IMessageStore store, ManualTime time)
    {
        (Centre, Store, Time) = (centre, store, time);
        Events = new EventLog(centre.Watch(contents: true));
        _air = CentreListener.Start(new IPEndPoint(IPAddress.Loopback, 0), centre.ServePhoneAsync);
        _smpp = SmppListener.Listen(new IPEndPoint(IPAddress.Loopback, 0), centre.Esmes);
    }

    public static CentreOptions Options { get; } = new()
    {
        Subscribers = [Ada, Bob],
        Esmes = [Shop, Bank],
        Smpp = new SessionLimits { EnquireLink = Never, Response = Never, Bind = Never },
        Air = new AirLimits { Ping = Never, Silence = 2 * Never },
    };

    public ShortMessageCentre Centre { get; }

    public IMessageStore Store { get; }

    public ManualTime Time { get; }

    public EventLog Events { get; }

    public IPEndPoint Air => _air.Address;

    public IPEndPoint Smpp => _smpp.EndPoint;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<CentreWorld> StartAsync(
        CentreOptions? options = null, IMessageStore? store = null, ManualTime? time = null)
    {
        var clock = time ?? new ManualTime();
        var kept = store ?? new VolatileMessageStore(clock);
        var centre = await ShortMessageCentre.StartAsync(options ?? Options, kept, clock, Cancel);
        return new CentreWorld(centre, kept, clock);
    }

    public Task<TestPhone> AttachAsync(Subscriber subscriber) => TestPhone.AttachAsync(Air, subscriber);

    public Task<TestEsme> BindAsync(EsmeAccount account, BindMode mode = BindMode.Transceiver) =>
        TestEsme.BindAsync(Smpp, account, mode);

    public async ValueTask DisposeAsync()
    {
        await _air.DisposeAsync();
        await _smpp.DisposeAsync();
        await Centre.DisposeAsync();
        await Events.DisposeAsync();
    }
}

/// <summary>Every event of a centre, to be awaited one kind after another.</summary>
internal sealed class EventLog(CentreWatch watch) : IAsyncDisposable
{
    private readonly IAsyncEnumerator<CentreEvent> _events =
        watch.ReadAllAsync(CancellationToken.None).GetAsyncEnumerator(CancellationToken.None);

    /// <summary>The next event of that kind; those before it are passed over.</summary>
    public async Task<T> NextAsync<T>() where T : CentreEvent
    {
        while (await _events.MoveNextAsync().AsTask().WaitAsync(TestContext.Current.CancellationToken))
        {
            if (_events.Current is T wanted) return wanted;
        }

        throw new InvalidOperationException("The centre has ended.");
    }

    public async ValueTask DisposeAsync()
    {
        watch.Dispose();
        await _events.DisposeAsync();
    }
}

/// <summary>A phone that keeps what it gets and answers as the test says.</summary>
internal sealed class TestPhone : IAsyncDisposable
{
    private readonly Channel<Tpdu> _received = Channel.CreateUnbounded<Tpdu>();

    private MobileStation Station { get; set; } = null!;

    /// <summary>What it says to a message; an RP-ACK with an empty report unless the test changes it.</summary>
    public Func<Tpdu, Task<SmsDeliverReport>> Answer { get; set; } = _ => Task.FromResult(new SmsDeliverReport());

    public Task<AirEnd> Ended => Station.Ended;

    public Msisdn Number => Station.Number;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<TestPhone> AttachAsync(
        EndPoint centre, Subscriber subscriber, Func<Tpdu, Task<SmsDeliverReport>>? answer = null)
    {
        var phone = new TestPhone();
        if (answer is not null) phone.Answer = answer;
        phone.Station = await MobileStation.ConnectAsync(centre, subscriber.Imsi, phone.TakeAsync, cancel: Cancel);
        return phone;
    }

    public async Task<SmsDeliver> ReceiveAsync() => Assert.IsType<SmsDeliver>(await _received.Reader.ReadAsync(Cancel));

    public async Task<SmsStatusReport> ReportAsync() =>
        Assert.IsType<SmsStatusReport>(await _received.Reader.ReadAsync(Cancel));

    /// <summary>True if nothing came that was not yet looked at.</summary>
    public bool HasNothing => _received.Reader.Count == 0;

    public Task<SubmitAnswer> SendAsync(SmsSubmit message) => Station.SendAsync(message, cancel: Cancel);

    public Task<SubmitAnswer> SendAsync(string to, string text) => SendAsync(Submit(to, text));

    public Task HasRoomAsync() => Station.MemoryAvailableAsync(Cancel);

    public static SmsSubmit Submit(string to, string text, byte reference = 1) => new(
        reference, Address.Parse(to), ProtocolIdentifier.Plain, DataCodingScheme.Gsm7,
        UserData.OfText(text, Alphabet.Gsm7));

    public ValueTask DisposeAsync() => Station.DisposeAsync();

    private async Task<SmsDeliverReport> TakeAsync(Tpdu tpdu, CancellationToken cancel)
    {
        var answer = await Answer(tpdu).WaitAsync(cancel);
        await _received.Writer.WriteAsync(tpdu, cancel);
        return answer;
    }
}
