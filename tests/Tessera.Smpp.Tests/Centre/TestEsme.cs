using System.Net;
using System.Text;
using System.Threading.Channels;
using Tessera.Smpp.Centre;
using Tessera.Wire;
using Xunit;

namespace Tessera.Smpp.Tests.Centre;

/// <summary>An ESME that keeps what it gets and answers as the test says.</summary>
internal sealed class TestEsme : IAsyncDisposable
{
    private readonly Channel<DeliverSm> _received = Channel.CreateUnbounded<DeliverSm>();

    private TestEsme() { }

    /// <summary>What it says to a message; Ok unless the test changes it.</summary>
    public Func<DeliverSm, CommandStatus> Answer { get; set; } = _ => CommandStatus.Ok;

    public SmppClient Client { get; private set; } = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<TestEsme> BindAsync(EndPoint centre, EsmeAccount account, BindMode mode)
    {
        var esme = new TestEsme();
        var options = new SmppClientOptions
        {
            SystemId = account.SystemId,
            Password = account.Password,
            Mode = mode,
            Deliver = esme.TakeAsync,
        };
        esme.Client = await SmppClient.ConnectAsync(centre, options, Cancel);
        return esme;
    }

    public static SubmitSm To(Msisdn number, string text = "Hello") => new()
    {
        Source = new SmppAddress(Ton.Unknown, Npi.Isdn, "5555"),
        Destination = SmppAddress.International(number.Digits),
        Text = new Bytes(Encoding.ASCII.GetBytes(text)),
    };

    /// <returns>The id it was given.</returns>
    public async Task<string> SubmitAsync(SubmitSm message)
    {
        var response = await Client.SubmitAsync(message, Cancel);
        response.EnsureSuccess();
        return response.MessageId;
    }

    public async Task<CommandStatus> StatusAsync(SubmitSm message) =>
        (await Client.SubmitAsync(message, Cancel)).Status;

    public ValueTask<DeliverSm> ReceiveAsync() => _received.Reader.ReadAsync(Cancel);

    public async Task<DeliveryReceipt> ReceiptAsync()
    {
        var receipt = DeliveryReceipt.Find(await ReceiveAsync());
        return receipt ?? throw new InvalidOperationException("It is no receipt.");
    }

    public ValueTask DisposeAsync() => Client.DisposeAsync();

    private ValueTask<CommandStatus> TakeAsync(DeliverSm message, CancellationToken cancel)
    {
        var status = Answer(message);
        _received.Writer.TryWrite(message);
        return ValueTask.FromResult(status);
    }
}
