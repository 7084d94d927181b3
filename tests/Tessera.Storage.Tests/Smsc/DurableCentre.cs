using System.Net;
using System.Text;
using System.Threading.Channels;
using Tessera.Smpp;
using Tessera.Smpp.Centre;
using Tessera.Sms.Messages;
using Tessera.Storage.Smsc;
using Tessera.Wire;
using Xunit;

namespace Tessera.Storage.Tests.Smsc;

/// <summary>A centre on a file, with an ESME bound and perhaps a phone attached, over real sockets.</summary>
internal sealed class DurableCentre : IAsyncDisposable
{
    private static readonly Subscriber Ada = new(Imsi.Parse("001010000000001"), Msisdn.Parse("+33612345678"));

    private readonly Channel<DeliverSm> _told = Channel.CreateUnbounded<DeliverSm>();
    private readonly Channel<string> _shown = Channel.CreateUnbounded<string>();
    private readonly Stack<IAsyncDisposable> _open = [];

    private DurableCentre() { }

    public ShortMessageCentre Centre { get; private set; } = null!;

    public SmppClient Esme { get; private set; } = null!;

    private IPEndPoint Air { get; set; } = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <param name="mode">How the ESME binds: a transmitter leaves its receipts where they are.</param>
    public static async Task<DurableCentre> StartAsync(string file, BindMode mode, Action<string>? onDurable = null)
    {
        var world = new DurableCentre();
        var database = world.Open(await Database.OpenAsync(file, onDurable, Cancel));
        var store = world.Open(new SqliteMessageStore(database));
        var account = new EsmeAccount { SystemId = "shop", Password = "secret", Addresses = ["5555"] };
        world.Centre = world.Open(await ShortMessageCentre.StartAsync(
            new CentreOptions { Subscribers = [Ada], Esmes = [account] }, store, cancel: Cancel));
        var anywhere = new IPEndPoint(IPAddress.Loopback, 0);
        world.Air = world.Open(CentreListener.Start(anywhere, world.Centre.ServePhoneAsync)).Address;
        var listener = world.Open(SmppListener.Listen(anywhere, world.Centre.Esmes));
        world.Esme = world.Open(await SmppClient.ConnectAsync(
            listener.EndPoint,
            new SmppClientOptions
            {
                SystemId = "shop",
                Password = "secret",
                Mode = mode,
                Deliver = (message, _) =>
                    new(world._told.Writer.TryWrite(message) ? CommandStatus.Ok : CommandStatus.SystemError),
            },
            Cancel));
        return world;
    }

    public async Task AttachAsync() => Open(await MobileStation.ConnectAsync(
        Air,
        Ada.Imsi,
        async (tpdu, cancel) =>
        {
            var message = Assert.IsType<SmsDeliver>(tpdu);
            await _shown.Writer.WriteAsync(message.UserData.ToText(message.Coding), cancel);
            return new SmsDeliverReport();
        },
        cancel: Cancel));

    public ValueTask<SubmitSmResp> SubmitAsync(string text, CancellationToken cancel) => Esme.SubmitAsync(
        new SubmitSm
        {
            Source = new SmppAddress(Ton.Unknown, Npi.Isdn, "5555"),
            Destination = SmppAddress.International(Ada.Number.Digits),
            RegisteredDelivery = RegisteredDelivery.Always,
            Text = new Bytes(Encoding.ASCII.GetBytes(text)),
        },
        cancel);

    /// <summary>The next text on the phone's screen.</summary>
    public ValueTask<string> ShownAsync(CancellationToken cancel) => _shown.Reader.ReadAsync(cancel);

    public async Task<DeliveryReceipt> ReceiptAsync(CancellationToken cancel) =>
        DeliveryReceipt.Find(await _told.Reader.ReadAsync(cancel))!;

    public IReadOnlyList<string> Shown()
    {
        List<string> texts = [];
        while (_shown.Reader.TryRead(out var text)) texts.Add(text);
        return texts;
    }

    public async ValueTask DisposeAsync()
    {
        while (_open.TryPop(out var last)) await last.DisposeAsync();
    }

    private T Open<T>(T part) where T : IAsyncDisposable
    {
        _open.Push(part);
        return part;
    }
}
