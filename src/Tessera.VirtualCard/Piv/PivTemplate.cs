using Tessera.Cards.Piv;
using Tessera.Wire;

namespace Tessera.VirtualCard.Piv;

/// <summary>What the PIV application says when it is selected (NIST SP 800-73-5 part 2).</summary>
/// <remarks>
/// <code>
/// 61 L { 4F 06 00 00 10 00 01 00          the application, without its provider
///        79 07 { 4F 05 A0 00 00 03 08 }   the provider
///        50 L  "Tessera PIV"              label
///        AC L  { 80 01 algorithm, ..., 06 01 00 } }
/// </code>
/// </remarks>
internal static class PivTemplate
{
    private static readonly PivAlgorithm[] Algorithms =
    [
        PivAlgorithm.TripleDes, PivAlgorithm.Aes128, PivAlgorithm.Aes192, PivAlgorithm.Aes256,
        PivAlgorithm.Rsa2048, PivAlgorithm.Rsa3072, PivAlgorithm.P256, PivAlgorithm.P384,
    ];

    public static Bytes Octets { get; } = Bytes.Of(new Tlv(0x61, Bytes.Of(output =>
    {
        var writer = new ByteWriter(output);
        var aid = PivCommands.Aid.Span;
        Tlv.Write(writer, 0x4F, aid[PivCommands.ProviderLength..]);
        Tlv.Write(writer, 0x79, Bytes.Of(new Tlv(0x4F, Bytes.CopyOf(aid[..PivCommands.ProviderLength]))).Span);
        Tlv.Write(writer, 0x50, "Tessera PIV"u8);
        Tlv.Write(writer, 0xAC, [.. Algorithms.SelectMany(each => (byte[])[0x80, 0x01, (byte)each]), 0x06, 0x01, 0x00]);
    })));
}
