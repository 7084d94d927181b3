using System.Text;
using Tessera.Wire;

namespace Tessera.Smpp;

/// <summary>Which way messages go in a session.</summary>
public enum BindMode
{
    /// <summary>From the ESME to the SMSC.</summary>
    Transmitter,

    /// <summary>From the SMSC to the ESME.</summary>
    Receiver,

    /// <summary>Both ways.</summary>
    Transceiver,
}

/// <summary>Opens a session of an ESME: bind_transmitter, bind_receiver, bind_transceiver (SMPP 3.4 §4.1).</summary>
/// <remarks>
/// <code>
/// system_id           C-octet string, 16
/// password            C-octet string, 9
/// system_type         C-octet string, 13
/// interface_version   1, 34 for SMPP 3.4
/// addr_ton            1
/// addr_npi            1
/// address_range       C-octet string, 41
/// </code>
/// </remarks>
public sealed record Bind(BindMode Mode, string SystemId, string Password) : RequestPdu<BindResp>
{
    public const byte Version34 = 0x34;

    public string SystemType { get; init; } = "";

    public byte InterfaceVersion { get; init; } = Version34;

    public Ton Ton { get; init; }

    public Npi Npi { get; init; }

    /// <summary>The addresses served, as the SMSC defines it; often empty.</summary>
    public string AddressRange { get; init; } = "";

    public OptionalParameters Parameters { get; init; }

    public override CommandId Id => Mode switch
    {
        BindMode.Transmitter => CommandId.BindTransmitter,
        BindMode.Receiver => CommandId.BindReceiver,
        _ => CommandId.BindTransceiver,
    };

    internal override BindResp Refused(CommandStatus status) => new(Mode, status, "");

    internal static BindMode ModeOf(CommandId id) => id switch
    {
        CommandId.BindTransmitter or CommandId.BindTransmitterResp => BindMode.Transmitter,
        CommandId.BindReceiver or CommandId.BindReceiverResp => BindMode.Receiver,
        _ => BindMode.Transceiver,
    };

    internal static Bind Read(CommandId id, ref ByteReader reader) =>
        new(ModeOf(id), reader.ReadCString(16, "system_id"), reader.ReadCString(9, "password"))
        {
            SystemType = reader.ReadCString(13, "system_type"),
            InterfaceVersion = reader.ReadByte("interface_version"),
            Ton = (Ton)reader.ReadByte("addr_ton"),
            Npi = (Npi)reader.ReadByte("addr_npi"),
            AddressRange = reader.ReadCString(41, "address_range"),
            Parameters = OptionalParameters.Read(ref reader),
        };

    internal override void WriteBody(ByteWriter writer)
    {
        writer.WriteCString(SystemId, 16, "system_id");
        writer.WriteCString(Password, 9, "password");
        writer.WriteCString(SystemType, 13, "system_type");
        writer.WriteByte(InterfaceVersion);
        writer.WriteByte((byte)Ton);
        writer.WriteByte((byte)Npi);
        writer.WriteCString(AddressRange, 41, "address_range");
        Parameters.Write(writer);
    }

    /// <summary>The password is not printed.</summary>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Append($"{Id}, SystemId = {SystemId}, SystemType = {SystemType}, AddressRange = {AddressRange}");
        return true;
    }
}

/// <summary>Answers a bind (SMPP 3.4 §4.1.2). A refusal may come without a body.</summary>
/// <remarks>
/// <code>
/// system_id              C-octet string, 16, of the SMSC
/// sc_interface_version   optional
/// </code>
/// </remarks>
public sealed record BindResp(BindMode Mode, CommandStatus Status, string SystemId) : ResponsePdu
{
    public OptionalParameters Parameters { get; init; }

    public override CommandId Id => Mode switch
    {
        BindMode.Transmitter => CommandId.BindTransmitterResp,
        BindMode.Receiver => CommandId.BindReceiverResp,
        _ => CommandId.BindTransceiverResp,
    };

    internal static BindResp Read(in PduFrame frame, ref ByteReader reader)
    {
        var mode = Bind.ModeOf(frame.Id);
        return frame.Status != CommandStatus.Ok && reader.Remaining == 0
            ? new BindResp(mode, frame.Status, "")
            : new BindResp(mode, frame.Status, reader.ReadCString(16, "system_id"))
            {
                Parameters = OptionalParameters.Read(ref reader),
            };
    }

    internal override void WriteBody(ByteWriter writer)
    {
        if (Status != CommandStatus.Ok && SystemId.Length == 0 && Parameters.Count == 0) return;

        writer.WriteCString(SystemId, 16, "system_id");
        Parameters.Write(writer);
    }
}

/// <summary>An SMSC that calls an ESME asks it to bind as receiver (SMPP 3.4 §4.1.7). It has no response.</summary>
/// <remarks>
/// <code>
/// system_id   C-octet string, 16
/// password    C-octet string, 9
/// </code>
/// </remarks>
public sealed record Outbind(string SystemId, string Password) : RequestPdu
{
    public override CommandId Id => CommandId.Outbind;

    internal static Outbind Read(ref ByteReader reader) =>
        new(reader.ReadCString(16, "system_id"), reader.ReadCString(9, "password"));

    internal override void WriteBody(ByteWriter writer)
    {
        writer.WriteCString(SystemId, 16, "system_id");
        writer.WriteCString(Password, 9, "password");
    }

    /// <summary>The password is not printed.</summary>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Append($"SystemId = {SystemId}");
        return true;
    }
}
