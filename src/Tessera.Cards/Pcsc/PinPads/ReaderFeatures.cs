using Tessera.Wire;

namespace Tessera.Cards.Pcsc;

/// <summary>What a reader says it can do beyond carrying APDUs (PC/SC part 10 §2.2).</summary>
public enum ReaderFeature : byte
{
    VerifyPinStart = 0x01,
    VerifyPinFinish = 0x02,
    ModifyPinStart = 0x03,
    ModifyPinFinish = 0x04,
    GetKeyPressed = 0x05,
    VerifyPinDirect = 0x06,
    ModifyPinDirect = 0x07,
    MctReaderDirect = 0x08,
    MctUniversal = 0x09,
    PinProperties = 0x0A,
    Abort = 0x0B,
    WriteDisplay = 0x0F,
    GetKey = 0x10,
    DisplayProperties = 0x11,
    TlvProperties = 0x12,
    CcidEscape = 0x13,
    ExecutePace = 0x20,
}

/// <summary>The answer to CM_IOCTL_GET_FEATURE_REQUEST: features and the control code of each.</summary>
/// <remarks>
/// <code>
/// feature   1 octet
/// length    1 octet, 04
/// code      4 octets, big endian
/// </code>
/// again and again. Readers lie and drivers are broken: records of another form end the list, they are no error.
/// </remarks>
internal static class ReaderFeatures
{
    private const int RecordLength = 6;
    private const int CodeLength = 4;

    public static IReadOnlyDictionary<ReaderFeature, uint> Read(ReadOnlySpan<byte> answer)
    {
        var features = new Dictionary<ReaderFeature, uint>();
        var reader = new ByteReader(answer);
        while (reader.Remaining >= RecordLength)
        {
            var feature = (ReaderFeature)reader.ReadByte("feature");
            if (reader.ReadByte("length") != CodeLength) break;
            features.TryAdd(feature, reader.ReadUInt32("control code"));
        }

        return features;
    }
}
