using System.Text.Json;
using Tessera.Smpp;
using Tessera.Wire;
using Xunit;

namespace Tessera.Interop.Tests.Smpp;

/// <summary>Every PDU we write, read by Wireshark.</summary>
public class TsharkTests
{
    private static readonly SmppAddress Phone = SmppAddress.International("33123");
    private static readonly SmppAddress Service = new(Ton.Abbreviated, Npi.Private, "77");
    private static readonly DateTimeOffset Moment = new(2026, 3, 4, 5, 6, 7, 800, TimeSpan.Zero);

    private static readonly SubmitSm Packet = new()
    {
        ServiceType = "CMT",
        Source = Service,
        Destination = Phone,
        EsmClass = new EsmClass(0x43),
        ProtocolId = 0x7F,
        Priority = 1,
        ScheduleDeliveryTime = SmppTime.At(Moment),
        ValidityPeriod = SmppTime.FromNow(TimeSpan.FromMinutes(15)),
        RegisteredDelivery = RegisteredDelivery.Always,
        DataCoding = DataCoding.Sim,
        Text = Bytes.FromHex("02700000150D16001212545345000000000000A1B2C3D4"),
        Parameters =
        [
            OptionalParameter.Of(OptionalTag.UserMessageReference, 0x1234),
            OptionalParameter.Of(OptionalTag.SarMsgRefNum, 0x0506),
            OptionalParameter.Of(OptionalTag.SarTotalSegments, 3),
            OptionalParameter.Of(OptionalTag.SarSegmentSeqnum, 2),
        ],
    };

    /// <summary>One of each, with every field and with as little as may be, agreeing and refusing.</summary>
    private static readonly Pdu[] All =
    [
        new Bind(BindMode.Transmitter, "esme", "pass") { SystemType = "gw", AddressRange = "33[12]" },
        new Bind(BindMode.Receiver, "esme", "pass"),
        new Bind(BindMode.Transceiver, "esme", "pass"),
        new BindResp(BindMode.Transmitter, CommandStatus.Ok, "smsc")
        {
            Parameters = [OptionalParameter.Of(OptionalTag.ScInterfaceVersion, Bind.Version34)],
        },
        new BindResp(BindMode.Receiver, CommandStatus.InvalidPassword, "smsc"),
        new BindResp(BindMode.Transceiver, CommandStatus.BindFailed, ""),
        new Outbind("smsc", "pass"),
        new Unbind(),
        new UnbindResp(CommandStatus.Ok),
        new EnquireLink(),
        new EnquireLinkResp(CommandStatus.Ok),
        new GenericNack(CommandStatus.InvalidCommandId),
        Packet,
        new SubmitSm(),
        new SubmitSm
        {
            Source = Service,
            Destination = Phone,
            Parameters = [new OptionalParameter(OptionalTag.MessagePayload, new Bytes(new byte[1000]))],
        },
        new SubmitSmResp(CommandStatus.Ok, "7f"),
        new SubmitSmResp(CommandStatus.Throttled),
        DeliveryReceipt.Of("7f", MessageState.Delivered, Moment, Moment).ToDeliverSm(Phone, Service),
        new DeliverSm
        {
            Source = Phone,
            Destination = Service,
            DataCoding = DataCoding.Ucs2,
            Text = Bytes.FromHex("00480069"),
        },
        new DeliverSmResp(CommandStatus.Ok),
        new DeliverSmResp(CommandStatus.ReceiverTemporaryError),
        new DataSm
        {
            Source = Phone,
            Destination = Service,
            EsmClass = EsmClass.WithHeader,
            Parameters = [new OptionalParameter(OptionalTag.MessagePayload, Bytes.FromHex("027000C0FFEE"))],
        },
        new DataSmResp(CommandStatus.DeliveryFailure)
        {
            Parameters = [new OptionalParameter(OptionalTag.NetworkErrorCode, Bytes.FromHex("030015"))],
        },
        new QuerySm("7f", Service),
        new QuerySmResp(CommandStatus.Ok, "7f")
        {
            FinalDate = SmppTime.At(Moment),
            MessageState = MessageState.Expired,
            ErrorCode = 3,
        },
        new CancelSm("7f", Service, Phone),
        new CancelSmResp(CommandStatus.CancelFailed),
        new ReplaceSm("7f", Service)
        {
            ValidityPeriod = SmppTime.FromNow(TimeSpan.FromHours(1)),
            Text = Bytes.FromHex("4869"),
        },
        new ReplaceSmResp(CommandStatus.Ok),
        new AlertNotification(Phone, Service)
        {
            Parameters = [OptionalParameter.Of(OptionalTag.MsAvailabilityStatus, 0)],
        },
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_pdu_has_a_malformed_field()
    {
        var packets = await Tshark.DissectAsync(All, Cancel);

        Assert.Equal(All.Length, packets.Count);
        for (var i = 0; i < All.Length; i++)
        {
            var layers = packets[i].GetRawText();
            Assert.True(packets[i].TryGetProperty("smpp", out var smpp), $"{All[i]}: {layers}");
            Assert.Equal($"0x{(uint)All[i].Id:x8}", smpp.GetProperty("smpp.command_id").GetString());
            Assert.Equal($"{i + 1}", smpp.GetProperty("smpp.sequence_number").GetString());
            Assert.DoesNotContain("malformed", layers, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("_ws.expert", layers, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_secured_packet_is_seen_with_all_its_fields()
    {
        var text = Assert.Single(await Tshark.DissectAsync([Packet], Cancel)).GetRawText();

        foreach (var (field, value) in new[]
        {
            ("smpp.service_type", "CMT"), ("smpp.source_addr", "77"), ("smpp.destination_addr", "33123"),
            ("smpp.protocol_id", "0x7f"), ("smpp.data_coding", "0xf6"), ("smpp.priority_flag", "0x01"),
            ("smpp.user_message_reference", "0x1234"), ("smpp.sar_total_segments", "3"), ("smpp.sar_segment_seqnum", "2"),
            ("gsm_sms.ie_identifier", "0x70"),
        })
            Assert.Contains(value, Find(JsonElement.Parse(text), field), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>All values of a field, at whatever depth.</summary>
    private static IEnumerable<string> Find(JsonElement layer, string field) => layer.ValueKind switch
    {
        JsonValueKind.Object => layer.EnumerateObject().SelectMany(property =>
            property.Name.Equals(field, StringComparison.Ordinal) && property.Value.ValueKind == JsonValueKind.String
                ? [property.Value.GetString()!]
                : Find(property.Value, field)),
        JsonValueKind.Array => layer.EnumerateArray().SelectMany(item => Find(item, field)),
        _ => [],
    };
}
