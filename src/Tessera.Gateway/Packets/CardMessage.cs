using Tessera.Sms.Messages;
using Tessera.Sms.Parts;
using Tessera.Wire;

namespace Tessera.Gateway;

/// <summary>A short message with a secured packet or a part of one, as SMPP carries it (3GPP TS 31.115 §4).</summary>
/// <param name="Place">Null where the message is the whole packet.</param>
internal sealed record CardMessage(Concatenation? Place, Bytes Content)
{
    /// <summary>TP-PID (U)SIM data download (3GPP TS 23.040 §9.2.3.9).</summary>
    public const byte ProtocolId = 0x7F;

    private static readonly InformationElement Packet = new(InformationElement.CommandPacket, Bytes.Empty);

    /// <summary>The user data of the messages that carry a packet.</summary>
    /// <param name="reference">The same in all of them, another in the next packet.</param>
    public static IReadOnlyList<Bytes> Cut(Bytes packet, byte reference) =>
        [.. Segmenter.Command(packet, reference).Select(part => part.ToOctets())];

    /// <summary>Null where it is no such message.</summary>
    public static CardMessage? Read(Bytes userData)
    {
        try
        {
            var read = UserData.OfOctets(userData.Span, hasHeader: true);
            var place = read.Header.Concatenation;
            var isFirst = place is null or { Number: 1 };
            var expected = isFirst ? new UserDataHeader([Packet]) : UserDataHeader.None;
            var rest = read.Header.WithoutConcatenation();
            return rest.Elements == expected.Elements && userData.Length <= UserData.MaxOctets
                ? new CardMessage(place is { Total: 1 } ? null : place, read.Content)
                : null;
        }
        catch (WireFormatException)
        {
            return null;
        }
    }
}
