using Tessera.Wire;

namespace Tessera.Cards;

/// <summary>A card's answer: data, then SW1-SW2 (ISO/IEC 7816-4 §5.6).</summary>
public sealed record ResponseApdu(Bytes Data, StatusWord Status) : IWireFormat<ResponseApdu>
{
    public ResponseApdu(StatusWord status) : this(Bytes.Empty, status) { }

    public static ResponseApdu Read(ref ByteReader reader)
    {
        if (reader.Remaining < 2) throw new WireFormatException("R-APDU", reader.Offset, "shorter than a status word");
        return new ResponseApdu(reader.ReadBytes(reader.Remaining - 2, "data"), StatusWord.Read(ref reader));
    }

    public void Write(ByteWriter writer)
    {
        writer.WriteBytes(Data);
        Status.Write(writer);
    }

    /// <exception cref="CardStatusException">The status is not 9000.</exception>
    public ResponseApdu EnsureSuccess(CommandApdu command) =>
        Status.IsSuccess ? this : throw new CardStatusException(command.Header, Status);
}
