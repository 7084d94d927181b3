using System.Net;
using System.Threading.Channels;
using Tessera.Smpp;
using Tessera.Smpp.Centre;
using Tessera.Sms.Messages;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Interop.Tests.Smpp;

/// <summary>Kannel as ESME of our service centre, with a phone at its other side.</summary>
public sealed class KannelCentreTests : IAsyncLifetime
{
    private const string Service = "77";

    private static readonly Subscriber Holder =
        new(Imsi.Parse("001010000000001"), Msisdn.Parse("+33612345678"));

    private static readonly CentreOptions Options = new()
    {
        Subscribers = [Holder],
        Esmes = [new EsmeAccount { SystemId = Kannel.SystemId, Password = Kannel.Password, Addresses = [Service] }],
    };

    private readonly Channel<SmsDeliver> _received = Channel.CreateUnbounded<SmsDeliver>();
    private ShortMessageCentre? _centre;
    private SmppListener? _smpp;
    private CentreListener? _air;
    private MobileStation? _phone;
    private Kannel? _kannel;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Kannel Esme => _kannel!;

    public async ValueTask InitializeAsync() => await this.OrEndAsync(SetUpAsync);

    public async ValueTask DisposeAsync()
    {
        if (_kannel is not null) await _kannel.DisposeAsync();
        if (_phone is not null) await _phone.DisposeAsync();
        if (_air is not null) await _air.DisposeAsync();
        if (_smpp is not null) await _smpp.DisposeAsync();
        if (_centre is not null) await _centre.DisposeAsync();
    }

    [Fact(Timeout = PeerProcess.Patience)]
    public async Task Its_text_reaches_the_phone_and_the_receipt_reaches_it()
    {
        await Esme.SendAsync(
            $"from={Service}&to=%2B33612345678&text=Hello+world&dlr-mask=3"
            + $"&dlr-url={Uri.EscapeDataString($"{Esme.Heard}dlr?what=%d&about=hello")}",
            Cancel);

        var message = await _received.Reader.ReadAsync(Cancel);
        var told = await Esme.VisitAsync(Cancel);

        Assert.Equal("Hello world", message.UserData.ToText(message.Coding));
        Assert.Equal(("1", "hello"), (told["what"], told["about"]));
    }

    [Fact(Timeout = PeerProcess.Patience)]
    public async Task Its_secured_packet_reaches_the_phone_octet_for_octet()
    {
        const string packet = "00150D16001212545345000000000000A1B2C3D4";
        var octets = string.Concat(packet.Chunk(2).Select(octet => $"%{new string(octet)}"));

        await Esme.SendAsync(
            $"from={Service}&to=%2B33612345678&udh=%02%70%00&coding=1&mclass=2&pid=127&text={octets}", Cancel);
        var message = await _received.Reader.ReadAsync(Cancel);

        Assert.True(message.IsForCard);
        Assert.Equal(Bytes.FromHex("027000" + packet), message.UserData.ToOctets());
    }

    [Fact(Timeout = PeerProcess.Patience)]
    public async Task What_the_phone_sends_reaches_its_service()
    {
        var answer = await _phone!.SendAsync(
            new SmsSubmit(
                1, Address.Parse(Service), ProtocolIdentifier.Plain, DataCodingScheme.Gsm7,
                UserData.OfText("Balance?", Alphabet.Gsm7)),
            cancel: Cancel);

        var told = await Esme.VisitAsync(Cancel);

        Assert.True(answer.IsTaken);
        Assert.Equal(("+33612345678", "77", "Balance?"), (told["from"], told["to"], told["text"]));
    }

    private async Task SetUpAsync()
    {
        var bound = new TaskCompletionSource();
        _centre = await ShortMessageCentre.StartAsync(
            Options, new VolatileMessageStore(TimeProvider.System), cancel: Cancel);
        var esmes = _centre.Esmes;
        _smpp = SmppListener.Listen(new IPEndPoint(IPAddress.Loopback, 0), esmes with
        {
            Bound = session =>
            {
                esmes.Bound(session);
                bound.TrySetResult();
            },
        });
        _air = CentreListener.Start(new IPEndPoint(IPAddress.Loopback, 0), _centre.ServePhoneAsync);
        _phone = await MobileStation.ConnectAsync(_air.Address, Holder.Imsi, TakeAsync, cancel: Cancel);
        _kannel = await Kannel.StartAsync(_smpp.EndPoint, Cancel);
        await bound.Task.WaitAsync(Cancel);
    }

    private async Task<SmsDeliverReport> TakeAsync(Tpdu tpdu, CancellationToken cancel)
    {
        await _received.Writer.WriteAsync(Assert.IsType<SmsDeliver>(tpdu), cancel);
        return new SmsDeliverReport();
    }
}
