using Tessera.Wire;

namespace Tessera.Phone.Measuring;

/// <summary>What two ends that measure a line say to each other, in modem frames.</summary>
/// <remarks>
/// <code>
/// kind      1    50 begin | 51 ready | 52 report | 53 thanks
/// version   1    01
/// report         exactly with 52
/// </code>
/// </remarks>
internal sealed record MeasureMessage(MeasureKind Kind, LineReport? Report = null) : IWireFormat<MeasureMessage>
{
    private const byte Version = 0x01;

    public static MeasureMessage Read(ref ByteReader reader)
    {
        var at = reader.Offset;
        var kind = (MeasureKind)reader.ReadByte("kind");
        if (!Enum.IsDefined(kind)) throw new WireFormatException("kind", at, $"{(byte)kind:X2} is none");
        at = reader.Offset;
        var version = reader.ReadByte("version");
        if (version != Version) throw new WireFormatException("version", at, $"{version:X2} is not spoken here");
        return new MeasureMessage(kind, kind == MeasureKind.Report ? LineReport.Read(ref reader) : null);
    }

    public void Write(ByteWriter writer)
    {
        writer.WriteByte((byte)Kind);
        writer.WriteByte(Version);
        Report?.Write(writer);
    }
}

/// <summary>The kinds of <see cref="MeasureMessage"/>.</summary>
internal enum MeasureKind : byte
{
    /// <summary>The caller wants to measure.</summary>
    Begin = 0x50,

    /// <summary>The answerer listens.</summary>
    Ready = 0x51,

    /// <summary>What an end found.</summary>
    Report = 0x52,

    /// <summary>The report of the caller has arrived.</summary>
    Thanks = 0x53,
}
