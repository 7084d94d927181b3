using System.Net;
using System.Text.Json;
using Tessera.Smpp;
using Tessera.Wire;
using Xunit;

namespace Tessera.Interop.Tests.Smpp;

/// <summary>npm's <c>smpp</c>, written in JavaScript, as ESME of our server and as SMSC of our client.</summary>
public class NpmSmppTests
{
    // A secured packet of one message: header 02 70 00, any packet behind it.
    private const string Header = "027000";
    private const string Packet = "00150D16001212545345000000000000A1B2C3D4";

    private static readonly IPEndPoint AnyPort = new(IPAddress.Loopback, 0);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = PeerProcess.Patience)]
    public async Task It_binds_submits_and_unbinds_at_our_server()
    {
        SubmitSm? submitted = null;
        await using var listener = SmppListener.Listen(AnyPort, Server((_, message, _) =>
        {
            submitted = message;
            var status = message.Destination.Digits is "000" ? CommandStatus.Throttled : CommandStatus.Ok;
            return new(new SubmitSmResp(status, "7f"));
        }));
        await using var esme = PeerProcess.StartNpm("esme.js", $"{listener.EndPoint.Port}", "npm", "pass");
        var bound = await esme.EventAsync("bound", Cancel);
        Assert.Equal((0, "smsc"), (Number(bound, "status"), Text(bound, "systemId")));

        await esme.TellAsync(
            new
            {
                destination_addr = "33123", dest_addr_ton = 1, dest_addr_npi = 1, source_addr = "77", protocol_id = 0x7F,
                data_coding = 0xF6, registered_delivery = 1, esm_class = 0x40, user_message_reference = 0x1234,
                hexHeader = Header, hexText = Packet,
            },
            Cancel);
        var response = await esme.EventAsync("submit_sm_resp", Cancel);

        Assert.Equal((0, "7f"), (Number(response, "status"), Text(response, "messageId")));
        Assert.Equal(
            new SubmitSm
            {
                Source = new SmppAddress(Ton.Unknown, Npi.Unknown, "77"),
                Destination = SmppAddress.International("33123"),
                EsmClass = EsmClass.WithHeader,
                ProtocolId = 0x7F,
                RegisteredDelivery = RegisteredDelivery.Always,
                DataCoding = DataCoding.Sim,
                Text = Bytes.FromHex(Header + Packet),
                Parameters = [OptionalParameter.Of(OptionalTag.UserMessageReference, 0x1234)],
            },
            submitted);

        await esme.TellAsync(new { destination_addr = "000", short_message = "hello" }, Cancel);
        Assert.Equal(
            (int)CommandStatus.Throttled, Number(await esme.EventAsync("submit_sm_resp", Cancel), "status"));

        var session = Assert.Single(listener.Sessions);
        await esme.TellAsync(new { unbind = true }, Cancel);
        await esme.EventAsync("unbind_resp", Cancel);
        Assert.Equal(SessionEndReason.Unbound, (await session.Completion).Reason);
        await esme.EventAsync("closed", Cancel);
    }

    [Fact(Timeout = PeerProcess.Patience)]
    public async Task Our_server_delivers_to_it_messages_and_receipts_and_asks_whether_it_lives()
    {
        var bound = new TaskCompletionSource<SmppServerSession>();
        var options = Server((_, _, _) => new(new SubmitSmResp(CommandStatus.Ok, "1"))) with
        {
            Bound = bound.SetResult,
            Limits = new SessionLimits { EnquireLink = TimeSpan.FromSeconds(1) },
        };
        await using var listener = SmppListener.Listen(AnyPort, options);
        await using var esme = PeerProcess.StartNpm("esme.js", $"{listener.EndPoint.Port}", "npm", "pass");
        await esme.EventAsync("bound", Cancel);
        var session = await bound.Task.WaitAsync(Cancel);

        var message = new DeliverSm
        {
            Source = SmppAddress.International("33123"),
            Destination = new SmppAddress(Ton.Abbreviated, Npi.Private, "77"),
            EsmClass = EsmClass.WithHeader,
            DataCoding = DataCoding.Sim,
            Text = Bytes.FromHex(Header + Packet),
        };
        (await session.DeliverAsync(message, Cancel)).EnsureSuccess();
        var delivered = await esme.EventAsync("deliver_sm", Cancel);
        Assert.Equal(("33123", "77"), (Text(delivered, "source"), Text(delivered, "destination")));
        Assert.Equal((0x40, 0xF6), (Number(delivered, "esmClass"), Number(delivered, "dataCoding")));
        Assert.Equal((Packet, "7000"), (Text(delivered, "text"), Text(delivered.GetProperty("header")[0])));

        var done = new DateTimeOffset(2026, 3, 4, 5, 6, 0, TimeSpan.Zero);
        var receipt = DeliveryReceipt.Of("7f", MessageState.Delivered, done, done);
        (await session.DeliverAsync(receipt.ToDeliverSm(message.Source, message.Destination), Cancel)).EnsureSuccess();
        var told = await esme.EventAsync("deliver_sm", Cancel);
        Assert.Equal(("7f", 2), (Text(told, "receiptedMessageId"), Number(told, "messageState")));

        var refused = await session.DeliverAsync(message with { Source = SmppAddress.International("666") }, Cancel);
        Assert.Equal(CommandStatus.ReceiverPermanentError, refused.Status);
        await esme.EventAsync("deliver_sm", Cancel);

        await esme.EventAsync("enquire_link", Cancel);
        await session.UnbindAsync(Cancel);
        Assert.Equal("We said unbind.", (await session.Completion).Text);
        await esme.EventAsync("unbind", Cancel);
    }

    [Fact(Timeout = PeerProcess.Patience)]
    public async Task It_is_refused_with_a_wrong_password()
    {
        await using var listener = SmppListener.Listen(
            AnyPort, Server((_, _, _) => new(new SubmitSmResp(CommandStatus.Ok, "1"))));
        await using var esme = PeerProcess.StartNpm("esme.js", $"{listener.EndPoint.Port}", "npm", "wrong");

        Assert.Equal((int)CommandStatus.InvalidPassword, Number(await esme.EventAsync("bound", Cancel), "status"));
    }

    [Fact(Timeout = PeerProcess.Patience)]
    public async Task Our_client_binds_submits_takes_messages_and_unbinds_at_its_smsc()
    {
        var delivered = new TaskCompletionSource<DeliverSm>();
        await using var smsc = PeerProcess.StartNpm("smsc.js", "pass");
        var server = new IPEndPoint(IPAddress.Loopback, Number(await smsc.EventAsync("listening", Cancel), "port"));
        await using var client = await SmppClient.ConnectAsync(server, Client("pass") with
        {
            Deliver = (message, _) =>
            {
                delivered.SetResult(message);
                return new(CommandStatus.ReceiverTemporaryError);
            },
        }, Cancel);
        await smsc.EventAsync("bind", Cancel);

        var response = await client.SubmitAsync(Packaged("33123"), Cancel);
        var submitted = await smsc.EventAsync("submit_sm", Cancel);

        Assert.Equal(new SubmitSmResp(CommandStatus.Ok, "1"), response);
        Assert.Equal(("33123", 1), (Text(submitted, "destination"), Number(submitted, "ton")));
        Assert.Equal((0x40, 0x7F), (Number(submitted, "esmClass"), Number(submitted, "protocolId")));
        Assert.Equal(0xF6, Number(submitted, "dataCoding"));
        Assert.Equal((Packet, "7000"), (Text(submitted, "text"), Text(submitted.GetProperty("header")[0])));
        Assert.Equal(0x1234, Number(submitted, "reference"));

        Assert.Equal(CommandStatus.Throttled, (await client.SubmitAsync(Packaged("000"), Cancel)).Status);
        await smsc.EventAsync("submit_sm", Cancel);

        await smsc.TellAsync(new { source_addr = "33123", destination_addr = "77", short_message = "Hello" }, Cancel);
        Assert.Equal(
            (int)CommandStatus.ReceiverTemporaryError, Number(await smsc.EventAsync("deliver_sm_resp", Cancel), "status"));
        Assert.Equal(new Bytes("Hello"u8.ToArray()), (await delivered.Task).Text);

        await client.UnbindAsync(Cancel);
        await smsc.EventAsync("unbind", Cancel);
        Assert.Equal(SessionEndReason.Unbound, (await client.Completion).Reason);
    }

    [Fact(Timeout = PeerProcess.Patience)]
    public async Task Our_client_hears_why_its_smsc_refuses_it()
    {
        await using var smsc = PeerProcess.StartNpm("smsc.js", "pass");
        var server = new IPEndPoint(IPAddress.Loopback, Number(await smsc.EventAsync("listening", Cancel), "port"));

        var refused = await Assert.ThrowsAsync<CommandStatusException>(
            () => SmppClient.ConnectAsync(server, Client("wrong"), Cancel));

        Assert.Equal(CommandStatus.InvalidPassword, refused.Status);
    }

    [Fact(Timeout = PeerProcess.Patience)]
    public async Task Many_messages_are_answered_each_with_its_own_name()
    {
        const int count = 2000;
        await using var smsc = PeerProcess.StartNpm("smsc.js", "pass", "quiet");
        var server = new IPEndPoint(IPAddress.Loopback, Number(await smsc.EventAsync("listening", Cancel), "port"));
        await using var client = await SmppClient.ConnectAsync(server, Client("pass"), Cancel);
        await smsc.EventAsync("bind", Cancel);

        var responses = await Task.WhenAll(
            Enumerable.Range(0, count).Select(_ => client.SubmitAsync(Packaged("33123"), Cancel).AsTask()));

        Assert.All(responses, response => Assert.Equal(CommandStatus.Ok, response.Status));
        Assert.Equal(count, responses.Select(response => response.MessageId).Distinct(StringComparer.Ordinal).Count());
    }

    private static SubmitSm Packaged(string destination) => new()
    {
        Source = new SmppAddress(Ton.Abbreviated, Npi.Private, "77"),
        Destination = SmppAddress.International(destination),
        EsmClass = EsmClass.WithHeader,
        ProtocolId = 0x7F,
        ValidityPeriod = SmppTime.FromNow(TimeSpan.FromMinutes(15)),
        RegisteredDelivery = RegisteredDelivery.Always,
        DataCoding = DataCoding.Sim,
        Text = Bytes.FromHex(Header + Packet),
        Parameters = [OptionalParameter.Of(OptionalTag.UserMessageReference, 0x1234)],
    };

    private static SmppServerOptions Server(
        Func<SmppServerSession, SubmitSm, CancellationToken, ValueTask<SubmitSmResp>> submit) => new()
        {
            SystemId = "smsc",
            Authenticate = (bind, _) =>
                new(bind.Password is "pass" ? CommandStatus.Ok : CommandStatus.InvalidPassword),
            Submit = submit,
        };

    private static SmppClientOptions Client(string password) => new() { SystemId = "esme", Password = password };

    private static string Text(JsonElement told, string name) => Text(told.GetProperty(name));

    private static string Text(JsonElement value) => value.GetString() ?? "";

    private static int Number(JsonElement told, string name) => told.GetProperty(name).GetInt32();
}
