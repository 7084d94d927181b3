using Tessera.Wire;

namespace Tessera.Smpp;

/// <summary>A message whose text is always a message_payload, in either direction (SMPP 3.4 §4.7.1).</summary>
/// <remarks>
/// <code>
/// service_type            C-octet string, 6
/// source_addr_ton, _npi   1, 1
/// source_addr             C-octet string, 65
/// dest_addr_ton, _npi     1, 1
/// destination_addr        C-octet string, 65
/// esm_class               1
/// registered_delivery     1
/// data_coding             1
/// optional parameters
/// </code>
/// </remarks>
public sealed record DataSm : RequestPdu<DataSmResp>
{
    public string ServiceType { get; init; } = "";

    public SmppAddress Source { get; init; }

    public SmppAddress Destination { get; init; }

    public EsmClass EsmClass { get; init; }

    public RegisteredDelivery RegisteredDelivery { get; init; }

    public DataCoding DataCoding { get; init; }

    public OptionalParameters Parameters { get; init; }

    public override CommandId Id => CommandId.DataSm;

    public Bytes Content => Parameters.Find(OptionalTag.MessagePayload) ?? Bytes.Empty;

    internal override DataSmResp Refused(CommandStatus status) => new(status);

    internal static DataSm Read(ref ByteReader reader) => new()
    {
        ServiceType = reader.ReadCString(6, "service_type"),
        Source = SmppAddress.Read(ref reader, SmppAddress.MaxLongLength, "source_addr"),
        Destination = SmppAddress.Read(ref reader, SmppAddress.MaxLongLength, "destination_addr"),
        EsmClass = new EsmClass(reader.ReadByte("esm_class")),
        RegisteredDelivery = new RegisteredDelivery(reader.ReadByte("registered_delivery")),
        DataCoding = new DataCoding(reader.ReadByte("data_coding")),
        Parameters = OptionalParameters.Read(ref reader),
    };

    internal override void WriteBody(ByteWriter writer)
    {
        writer.WriteCString(ServiceType, 6, "service_type");
        Source.Write(writer, SmppAddress.MaxLongLength, "source_addr");
        Destination.Write(writer, SmppAddress.MaxLongLength, "destination_addr");
        writer.WriteByte(EsmClass.Value);
        writer.WriteByte(RegisteredDelivery.Value);
        writer.WriteByte(DataCoding.Value);
        Parameters.Write(writer);
    }
}

/// <summary>A telephone can be reached again (SMPP 3.4 §4.12.1). It has no response.</summary>
/// <remarks>
/// <code>
/// source_addr_ton, _npi    1, 1
/// source_addr              C-octet string, 65
/// esme_addr_ton, _npi      1, 1
/// esme_addr                C-octet string, 65
/// ms_availability_status   optional
/// </code>
/// </remarks>
public sealed record AlertNotification(SmppAddress Source, SmppAddress Esme) : RequestPdu
{
    public OptionalParameters Parameters { get; init; }

    public override CommandId Id => CommandId.AlertNotification;

    internal static AlertNotification Read(ref ByteReader reader) =>
        new(
            SmppAddress.Read(ref reader, SmppAddress.MaxLongLength, "source_addr"),
            SmppAddress.Read(ref reader, SmppAddress.MaxLongLength, "esme_addr"))
        {
            Parameters = OptionalParameters.Read(ref reader),
        };

    internal override void WriteBody(ByteWriter writer)
    {
        Source.Write(writer, SmppAddress.MaxLongLength, "source_addr");
        Esme.Write(writer, SmppAddress.MaxLongLength, "esme_addr");
        Parameters.Write(writer);
    }
}
