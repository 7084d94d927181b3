using System.Net;
using Tessera.Smpp.Centre;
using Tessera.Sms.Messages;
using Tessera.Wire;
using Xunit;

namespace Tessera.Smpp.Tests.Centre;

/// <summary>Messages between ESMEs and phones over real sockets, with the real client.</summary>
public class EsmePathTests
{
    private static readonly Msisdn Ada = CentreWorld.Ada.Number;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_of_an_ESME_reaches_the_phone_and_the_receipt_comes_back()
    {
        await using var world = await CentreWorld.StartAsync();
        await using var shop = await world.BindAsync(CentreWorld.Shop);
        await using var ada = await world.AttachAsync(CentreWorld.Ada);

        var id = await shop.SubmitAsync(TestEsme.To(Ada, "Your parcel is here") with
        {
            RegisteredDelivery = RegisteredDelivery.Always,
        });
        var got = await ada.ReceiveAsync();
        var receipt = await shop.ReceiptAsync();

        Assert.Equal(("5555", "Your parcel is here"), (got.Originator.ToString(), got.UserData.ToText(got.Coding)));
        Assert.Equal((id, MessageState.Delivered), (receipt.MessageId, receipt.State));
        Assert.Equal(("Your parcel is here", "000", 1), (receipt.Text, receipt.Error, receipt.Delivered));
        Assert.Equal(world.Time.GetUtcNow().UtcDateTime, receipt.DoneDate);
    }

    [Fact]
    public async Task No_message_leaves_before_its_response_so_that_no_receipt_overtakes_it()
    {
        await using var world = await CentreWorld.StartAsync();
        var held = new TaskCompletionSource<SubmitSmResp>();
        await using var slow = SmppListener.Listen(
            new IPEndPoint(IPAddress.Loopback, 0), world.Centre.Esmes with { Submitted = held.SetResult });
        await using var shop = await TestEsme.BindAsync(slow.EndPoint, CentreWorld.Shop, BindMode.Transceiver);
        await using var bank = await world.BindAsync(CentreWorld.Bank);
        await using var ada = await world.AttachAsync(CentreWorld.Ada);
        await using var bob = await world.AttachAsync(CentreWorld.Bob);

        await shop.SubmitAsync(TestEsme.To(Ada, "first"));
        await bank.SubmitAsync(TestEsme.To(CentreWorld.Bob.Number) with { Source = SmppAddress.International("4470") });
        await bob.ReceiveAsync();

        Assert.True(ada.HasNothing);
        world.Centre.Esmes.Submitted(await held.Task);
        var got = await ada.ReceiveAsync();
        Assert.Equal("first", got.UserData.ToText(got.Coding));
    }

    [Fact]
    public async Task A_receipt_goes_back_between_the_same_addresses_with_the_id_as_parameter()
    {
        await using var world = await CentreWorld.StartAsync();
        await using var shop = await world.BindAsync(CentreWorld.Shop);
        await using var ada = await world.AttachAsync(CentreWorld.Ada);

        var message = TestEsme.To(Ada) with { RegisteredDelivery = RegisteredDelivery.Always };
        var id = await shop.SubmitAsync(message);
        var receipt = await shop.ReceiveAsync();

        Assert.Equal((message.Destination, message.Source), (receipt.Source, receipt.Destination));
        Assert.Equal(EsmClass.Receipt, receipt.EsmClass);
        Assert.Equal(id, receipt.Parameters.FindText(OptionalTag.ReceiptedMessageId));
        Assert.Equal((byte)MessageState.Delivered, receipt.Parameters.FindByte(OptionalTag.MessageState));
    }

    [Fact]
    public async Task A_packet_for_the_SIM_keeps_header_protocol_and_class()
    {
        await using var world = await CentreWorld.StartAsync();
        await using var shop = await world.BindAsync(CentreWorld.Shop);
        await using var ada = await world.AttachAsync(CentreWorld.Ada);
        var packet = Bytes.FromHex("027000 00281506192222B00011");

        await shop.SubmitAsync(TestEsme.To(Ada) with
        {
            EsmClass = EsmClass.WithHeader,
            ProtocolId = 0x7F,
            DataCoding = DataCoding.Sim,
            Text = packet,
        });
        var got = await ada.ReceiveAsync();

        Assert.True(got.IsForCard);
        Assert.Equal(packet, got.UserData.ToOctets());
    }

    [Fact]
    public async Task A_message_of_a_phone_reaches_the_ESME_that_owns_the_number()
    {
        await using var world = await CentreWorld.StartAsync();
        await using var shop = await world.BindAsync(CentreWorld.Shop);
        await using var ada = await world.AttachAsync(CentreWorld.Ada);
        var packet = Bytes.FromHex("027100 000E0A5445530000000001000000");
        var submit = TestPhone.Submit("5555", "") with
        {
            Protocol = ProtocolIdentifier.SimDownload,
            Coding = DataCodingScheme.SimDownload,
            UserData = UserData.OfOctets(packet.Span, hasHeader: true),
        };

        Assert.True((await ada.SendAsync(submit)).IsTaken);
        var got = await shop.ReceiveAsync();

        Assert.Equal(SmppAddress.International(Ada.Digits), got.Source);
        Assert.Equal("5555", got.Destination.Digits);
        Assert.True(got.EsmClass.Udhi);
        Assert.Equal((0x7F, DataCoding.Sim, packet), (got.ProtocolId, got.DataCoding, got.Text));
    }

    [Fact]
    public async Task An_ESME_writes_to_another()
    {
        await using var world = await CentreWorld.StartAsync();
        await using var shop = await world.BindAsync(CentreWorld.Shop, BindMode.Transmitter);
        await using var bank = await world.BindAsync(CentreWorld.Bank, BindMode.Receiver);

        await shop.SubmitAsync(TestEsme.To(Msisdn.Parse("4470"), "pay"));

        Assert.Equal("pay", System.Text.Encoding.ASCII.GetString((await bank.ReceiveAsync()).Text.Span));
    }

    [Theory]
    [InlineData(0x00, "24 48 1B 65", "¤H€")]
    [InlineData(0x01, "24 48", "$H")]
    [InlineData(0x03, "E9 A3", "é£")]
    [InlineData(0x03, "E2", "â")]
    [InlineData(0x08, "0416", "Ж")]
    [InlineData(0xF0, "48", "H")]
    public async Task Text_arrives_as_it_was_meant(byte coding, string hex, string text)
    {
        await using var world = await CentreWorld.StartAsync();
        await using var shop = await world.BindAsync(CentreWorld.Shop);
        await using var ada = await world.AttachAsync(CentreWorld.Ada);

        await shop.SubmitAsync(TestEsme.To(Ada) with
        {
            DataCoding = new DataCoding(coding),
            Text = Bytes.FromHex(hex),
        });
        var got = await ada.ReceiveAsync();

        Assert.Equal(text, got.UserData.ToText(got.Coding));
    }

    [Theory]
    [InlineData("5555", 0, "5555")]
    [InlineData("Tessera", 5, "Tessera")]
    [InlineData("+7123", 1, "+7123")]
    [InlineData("", 0, "5555")]
    public async Task A_message_comes_from_an_address_of_its_sender(string source, byte ton, string shown)
    {
        await using var world = await CentreWorld.StartAsync();
        await using var shop = await world.BindAsync(CentreWorld.Shop);
        await using var ada = await world.AttachAsync(CentreWorld.Ada);

        await shop.SubmitAsync(TestEsme.To(Ada) with { Source = new SmppAddress((Ton)ton, Npi.Isdn, source) });

        Assert.Equal(shown, (await ada.ReceiveAsync()).Originator.ToString());
    }

    [Fact]
    public async Task Parts_keep_their_order_to_one_phone()
    {
        await using var world = await CentreWorld.StartAsync();
        await using var shop = await world.BindAsync(CentreWorld.Shop);
        var texts = Enumerable.Range(1, 50).Select(i => $"part {i}").ToList();
        await Task.WhenAll(texts.Select(text => shop.SubmitAsync(TestEsme.To(Ada, text))));

        await using var ada = await world.AttachAsync(CentreWorld.Ada);

        foreach (var text in texts)
            Assert.Equal(text, (await ada.ReceiveAsync()).UserData.ToText(DataCodingScheme.Gsm7));
    }

    [Fact]
    public async Task The_sar_parameters_become_a_header()
    {
        await using var world = await CentreWorld.StartAsync();
        await using var shop = await world.BindAsync(CentreWorld.Shop);
        await using var ada = await world.AttachAsync(CentreWorld.Ada);

        await shop.SubmitAsync(TestEsme.To(Ada) with
        {
            Parameters =
            [
                OptionalParameter.Of(OptionalTag.SarMsgRefNum, (ushort)0x1234),
                OptionalParameter.Of(OptionalTag.SarTotalSegments, (byte)3),
                OptionalParameter.Of(OptionalTag.SarSegmentSeqnum, (byte)2),
            ],
        });

        var part = (await ada.ReceiveAsync()).UserData.Header.Concatenation;
        Assert.Equal(new Concatenation(0x1234, 3, 2, IsWide: true), part);
    }

    [Fact]
    public async Task What_waits_for_an_ESME_goes_out_when_it_binds_to_receive()
    {
        await using var world = await CentreWorld.StartAsync();
        await using var transmitter = await world.BindAsync(CentreWorld.Shop, BindMode.Transmitter);
        await using var ada = await world.AttachAsync(CentreWorld.Ada);
        var id = await transmitter.SubmitAsync(
            TestEsme.To(Ada) with { RegisteredDelivery = RegisteredDelivery.Always });
        while ((await world.Events.NextAsync<MessageSubmitted>()).About is null) { }
        await ada.SendAsync("5555", "an answer");

        await using var receiver = await world.BindAsync(CentreWorld.Shop, BindMode.Receiver);

        Assert.Equal(id, (await receiver.ReceiptAsync()).MessageId);
        Assert.Equal("an answer", System.Text.Encoding.ASCII.GetString((await receiver.ReceiveAsync()).Text.Span));
    }

    [Fact]
    public async Task A_message_can_be_asked_for_and_taken_back_by_its_sender_alone()
    {
        await using var world = await CentreWorld.StartAsync();
        await using var shop = await world.BindAsync(CentreWorld.Shop);
        await using var bank = await world.BindAsync(CentreWorld.Bank);
        var message = TestEsme.To(Ada);
        var id = await shop.SubmitAsync(message);

        Assert.Equal(MessageState.Enroute, (await QueryAsync(shop)).MessageState);
        Assert.Equal(CommandStatus.InvalidMessageId, (await QueryAsync(bank)).Status);
        Assert.Equal(CommandStatus.CancelFailed, await CancelAsync(bank));
        Assert.Equal(CommandStatus.Ok, await CancelAsync(shop));
        Assert.Equal(CommandStatus.CancelFailed, await CancelAsync(shop));
        var after = await QueryAsync(shop);
        Assert.Equal(MessageState.Deleted, after.MessageState);
        Assert.Equal(SmppTime.At(world.Time.GetUtcNow()), after.FinalDate);
        Assert.Equal(CommandStatus.InvalidMessageId, (await QueryAsync(bank)).Status);

        ValueTask<QuerySmResp> QueryAsync(TestEsme esme) =>
            esme.Client.QueryAsync(new QuerySm(id, message.Source), Cancel);

        async Task<CommandStatus> CancelAsync(TestEsme esme) => (await esme.Client.CancelAsync(
            new CancelSm(id, message.Source, message.Destination), Cancel)).Status;
    }
}
