using System.Net;
using System.Threading.Channels;
using Tessera.Smpp;
using Tessera.Wire;
using Xunit;

namespace Tessera.Interop.Tests.Smpp;

/// <summary>Kannel as ESME of our server.</summary>
public sealed class KannelTests : IAsyncLifetime
{
    private readonly Channel<SubmitSm> _submitted = Channel.CreateUnbounded<SubmitSm>();
    private readonly TaskCompletionSource<SmppServerSession> _bound = new();
    private SmppListener? _listener;
    private Kannel? _kannel;
    private int _number;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Kannel Esme => _kannel!;

    public async ValueTask InitializeAsync()
    {
        _listener = SmppListener.Listen(new IPEndPoint(IPAddress.Loopback, 0), new SmppServerOptions
        {
            Authenticate = (bind, _) => new(
                bind is { SystemId: Kannel.SystemId, Password: Kannel.Password }
                    ? CommandStatus.Ok
                    : CommandStatus.InvalidPassword),
            Submit = (_, message, cancel) => SubmitAsync(message, cancel),
            Bound = session => _bound.TrySetResult(session),
        });
        _kannel = await Kannel.StartAsync(_listener.EndPoint, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        if (_kannel is not null) await _kannel.DisposeAsync();
        if (_listener is not null) await _listener.DisposeAsync();
    }

    [Fact(Timeout = PeerProcess.Patience)]
    public async Task Its_text_arrives_and_our_receipt_of_it_is_matched()
    {
        await Esme.SendAsync($"from=77&to=%2B33123&text=Hello+world&{Receipt("first")}", Cancel);
        var message = await _submitted.Reader.ReadAsync(Cancel);

        Assert.Equal("Hello world", GsmAlphabet.Read(message.Text.Span));
        Assert.Equal(SmppAddress.International("33123"), message.Destination);
        Assert.Equal("77", message.Source.Digits);
        Assert.Equal(ReceiptWanted.Always, message.RegisteredDelivery.Receipt);

        var now = TimeProvider.System.GetUtcNow();
        var receipt = DeliveryReceipt.Of("1", MessageState.Delivered, now, now);
        var session = await _bound.Task;
        (await session.DeliverAsync(receipt.ToDeliverSm(message.Destination, message.Source), Cancel)).EnsureSuccess();

        var told = await Esme.VisitAsync(Cancel);
        Assert.Equal(("1", "first"), (told["what"], told["about"]));
    }

    [Fact(Timeout = PeerProcess.Patience)]
    public async Task A_message_that_was_not_delivered_is_told_as_such()
    {
        await Esme.SendAsync($"from=77&to=%2B33123&text=lost&{Receipt("lost")}", Cancel);
        var message = await _submitted.Reader.ReadAsync(Cancel);

        var now = TimeProvider.System.GetUtcNow();
        var receipt = DeliveryReceipt.Of("1", MessageState.Undeliverable, now, now);
        var session = await _bound.Task;
        (await session.DeliverAsync(receipt.ToDeliverSm(message.Destination, message.Source), Cancel)).EnsureSuccess();

        var told = await Esme.VisitAsync(Cancel);
        Assert.Equal(("2", "lost"), (told["what"], told["about"]));
    }

    [Fact(Timeout = PeerProcess.Patience)]
    public async Task Its_secured_packet_arrives_octet_for_octet()
    {
        const string packet = "00150D16001212545345000000000000A1B2C3D4";
        var octets = string.Concat(Enumerable.Range(0, packet.Length / 2).Select(i => $"%{packet.Substring(i * 2, 2)}"));

        await Esme.SendAsync($"from=77&to=%2B33123&udh=%02%70%00&coding=1&mclass=2&pid=127&text={octets}", Cancel);
        var message = await _submitted.Reader.ReadAsync(Cancel);

        Assert.True(message.EsmClass.Udhi);
        Assert.Equal((0x7F, DataCoding.Sim), (message.ProtocolId, message.DataCoding));
        Assert.Equal(Bytes.FromHex("027000" + packet), message.Text);
    }

    [Fact(Timeout = PeerProcess.Patience)]
    public async Task What_we_deliver_reaches_its_service()
    {
        var session = await _bound.Task.WaitAsync(Cancel);

        (await session.DeliverAsync(From("33123"), Cancel)).EnsureSuccess();

        var told = await Esme.VisitAsync(Cancel);
        Assert.Equal(("+33123", "77", "Hi there"), (told["from"], told["to"], told["text"]));
    }

    [Fact(Timeout = PeerProcess.Patience)]
    public async Task Hundreds_of_messages_go_both_ways()
    {
        const int count = 300;
        var session = await _bound.Task.WaitAsync(Cancel);
        var delivering = Parallel.ForEachAsync(Enumerable.Range(0, count), Cancel, async (i, cancel) =>
            (await session.DeliverAsync(From($"33{i}"), cancel)).EnsureSuccess());

        for (var i = 0; i < count; i++) await Esme.SendAsync($"from=77&to={i}&text=Hello", Cancel);
        await delivering;

        var arrived = new HashSet<string>(StringComparer.Ordinal);
        while (arrived.Count < count) arrived.Add((await _submitted.Reader.ReadAsync(Cancel)).Destination.Digits);
        var heard = new HashSet<string>(StringComparer.Ordinal);
        while (heard.Count < count) heard.Add((await Esme.VisitAsync(Cancel))["from"]);
        Assert.Equal(count, _number);
    }

    /// <summary>Asks Kannel to call when it hears of success or failure.</summary>
    private string Receipt(string about) =>
        $"dlr-mask=3&dlr-url={Uri.EscapeDataString($"{Esme.Heard}dlr?what=%d&about={about}")}";

    private static DeliverSm From(string digits) => new()
    {
        Source = SmppAddress.International(digits),
        Destination = new SmppAddress(Ton.Abbreviated, Npi.Isdn, "77"),
        Text = new Bytes("Hi there"u8.ToArray()),
    };

    private async ValueTask<SubmitSmResp> SubmitAsync(SubmitSm message, CancellationToken cancel)
    {
        var number = Interlocked.Increment(ref _number);
        await _submitted.Writer.WriteAsync(message, cancel);
        return new SubmitSmResp(CommandStatus.Ok, $"{number}");
    }
}
