using Tessera.VirtualCard.Sim.Files;
using Tessera.Wire;

namespace Tessera.VirtualCard.Sim.Usim;

/// <summary>File control parameters of a UICC (ETSI TS 102 221 §11.1.1.3, §11.1.1.4).</summary>
/// <remarks>
/// <code>
/// 62 { 82 descriptor | 83 identifier, 84 name of an ADF | A5 { 80 characteristics, 87 in the MF } of MF and ADF
///      | 8A 01 life cycle | 8B 03 EF.ARR and its record | 80 02 size, 88 short identifier of an EF | C6 PINs of a directory }
/// 82   41 21 transparent, 42 21 linear, 46 21 cyclic, with length 2 and number 1 of records; 78 21 directory
/// C6   { 90 01 enabled, b8 the first | { 83 01 reference }* }
/// </code>
/// </remarks>
internal sealed class UiccTemplates(SimContents contents, SimSecurity security)
{
    private const byte Coding = 0x21;
    private const byte Directory = 0x78;
    private const byte Shareable = 0x40;
    private const byte Transparent = 0x01;
    private const byte Linear = 0x02;
    private const byte Cyclic = 0x06;
    private const byte Activated = 0x05;
    private const byte Deactivated = 0x04;

    /// <summary>The clock may stop, at either level.</summary>
    private const byte Characteristics = 0x71;

    /// <summary>Supported system commands (ETSI TS 102 221 §11.1.1.4.6.8).</summary>
    private const byte TerminalCapability = 0x01;

    public Bytes Of(DedicatedFile directory) => Template(writer =>
    {
        var isApplication = directory == UsimFiles.Usim;
        Tlv.Write(writer, 0x82, [Directory, Coding]);
        if (isApplication) Tlv.Write(writer, 0x84, UiccFiles.UsimName.Span);
        else Tlv.Write(writer, 0x83, Two(directory.Id));
        byte[] characteristics = [0x80, 0x01, Characteristics];
        if (directory.Parent is null) characteristics = [.. characteristics, 0x87, 0x01, TerminalCapability];
        if (isApplication || directory.Parent is null) Tlv.Write(writer, 0xA5, characteristics);
        Tlv.Write(writer, 0x8A, [Activated]);
        Tlv.Write(writer, 0x8B, [.. Two(UsimFiles.Rules.Id), UiccRules.OfDirectories]);
        Tlv.Write(writer, 0xC6, Pins());
    });

    public Bytes Of(ElementaryFile file) => Template(writer =>
    {
        var structure = file.IsTransparent ? Transparent : file.IsCyclic ? Cyclic : Linear;
        byte[] descriptor = [(byte)(Shareable | structure), Coding];
        Tlv.Write(writer, 0x82, file.IsTransparent
            ? descriptor
            : [.. descriptor, .. Two((ushort)file.RecordLength), (byte)contents.RecordsOf(file)]);
        Tlv.Write(writer, 0x83, Two(file.Id));
        Tlv.Write(writer, 0x8A, [contents.IsInvalidated(file) ? Deactivated : Activated]);
        Tlv.Write(writer, 0x8B, [.. Two(UsimFiles.Rules.Id), RuleOf(file)]);
        Tlv.Write(writer, 0x80, Two((ushort)contents.SizeOf(file)));
        Tlv.Write(writer, 0x88, file.ShortId is { } shortId ? [(byte)(shortId << 3)] : []);
    });

    private static Bytes Template(Action<ByteWriter> write)
    {
        var inside = Bytes.Of(output => write(new ByteWriter(output)));
        return Bytes.Of(new Tlv(0x62, inside));
    }

    private static byte[] Two(ushort number) => [(byte)(number >> 8), (byte)number];

    private byte RuleOf(ElementaryFile file) =>
        contents.Has(UsimFiles.Rules) ? UiccRules.RecordOf(file.Access, contents.Of(UsimFiles.Rules)) : (byte)0;

    private byte[] Pins()
    {
        var enabled = security.Chv1.IsEnabled ? 0x80 : 0x00;
        return security.Chv2.Exists
            ? [0x90, 0x01, (byte)(enabled | 0x40), 0x83, 0x01, UiccPins.First, 0x83, 0x01, UiccPins.Second]
            : [0x90, 0x01, (byte)enabled, 0x83, 0x01, UiccPins.First];
    }
}
