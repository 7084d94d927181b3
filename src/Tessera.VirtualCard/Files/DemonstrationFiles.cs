using Tessera.Cards.Piv;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.VirtualCard.Os;
using Tessera.Wire;

namespace Tessera.VirtualCard.Files;

/// <summary>The files of a card of the lab (docs/protocols/card.md §6).</summary>
internal static class DemonstrationFiles
{
    private const byte Always = 0x00;
    private const byte Never = 0xFF;
    private const byte CardPin = 0x10;
    private const byte Password1 = 0x11;
    private const byte Key1 = 0x21;
    private const ushort LongestCommand = 9 + FileContext.MaxWrite;

    private static readonly Bytes Name = Bytes.FromHex("F0544553534552411001");

    private static readonly byte[] LongestAnswer = [0x80, 0x01];

    /// <param name="hasPiv">EF.DIR names the PIV application too.</param>
    public static InitialFile Master(bool hasPiv) => new(Of(
        new FileControl(FileKind.Directory, FileControl.MasterId) { IsShareable = true, Rules = Only(Key1) }))
    {
        Children =
        [
            Reference(0x0001, ReferenceKind.Password, 1, tries: 3, resettingCode: 2, Only(Key1), "12345678"u8),
            Reference(0x0002, ReferenceKind.Password, 2, tries: 10, resettingCode: 0, AccessRules.None, "87654321"u8),
            Reference(
                0x0003, ReferenceKind.Key, 1, tries: 10, resettingCode: 0, Rules(read: Always, update: Key1, write: Never),
                [.. "Tessera files"u8, 0, 0, DemonstrationKeys.Version]),
            Transparent(0x2F00, 30, 256, Rules(Always, Key1, Never), Applications(hasPiv)),
            Transparent(0x2F01, 29, 64, Rules(Always, Key1, Never), AnswerToReset()),
            Notes,
        ],
    };

    private static InitialFile Notes => new(Of(
        new FileControl(FileKind.Directory, 0x5000) { IsShareable = true, Name = Name, Rules = Only(Key1) }))
    {
        Management = Label("Notes"u8),
        Children =
        [
            Transparent(0x5001, 1, 2048, Rules(Always, CardPin, CardPin), "A card in software."u8),
            Records(FileKind.LinearFixed, 0x5002, 2, 32, 16, Rules(Password1, Password1, Password1)),
            Records(FileKind.LinearVariable, 0x5003, 3, 128, 16, Rules(Always, Password1, Password1)),
            Records(FileKind.Cyclic, 0x5004, 4, 16, 20, Rules(Always, Never, Always)),
            new(Of(new FileControl(FileKind.DataObjects, 0x5005) { Size = 512, Rules = Rules(Always, CardPin, Never) })),
        ],
    };

    /// <summary>Everything takes the same.</summary>
    private static AccessRules Only(byte condition) =>
        AccessRules.Compact([0x7F, .. Enumerable.Repeat(condition, 7)]);

    private static AccessRules Rules(byte read, byte update, byte write) =>
        AccessRules.Compact([0x7F, Key1, Key1, Key1, Key1, write, update, read]);

    private static InitialFile Transparent(ushort id, int sfi, int size, AccessRules rules, ReadOnlySpan<byte> content) =>
        new(Of(new FileControl(FileKind.Transparent, id) { IsShareable = true, Sfi = sfi, Size = size, Rules = rules }),
            Bytes.CopyOf(content));

    private static InitialFile Records(FileKind kind, ushort id, int sfi, int length, int most, AccessRules rules) =>
        new(Of(new FileControl(kind, id)
        {
            IsShareable = true,
            Sfi = sfi,
            RecordLength = length,
            MaxRecords = most,
            Size = length * most,
            Rules = rules,
        }));

    private static InitialFile Reference(
        ushort id, ReferenceKind kind, byte number, byte tries, byte resettingCode, AccessRules rules,
        ReadOnlySpan<byte> value) =>
        new(Of(new FileControl(FileKind.Internal, id) { Size = ReferenceFile.HeadLength + value.Length, Rules = rules }),
            new Bytes((byte[])[(byte)kind, number, tries, tries, resettingCode, .. value]));

    private static Bytes Of(FileControl control) => Bytes.Of(control);

    private static Bytes Label(ReadOnlySpan<byte> text)
    {
        var octets = text.ToArray();
        return Bytes.Of(output => Tlv.Write(new ByteWriter(output), 0x50, octets));
    }

    /// <summary>EF.DIR: a template 61 for each application.</summary>
    private static ReadOnlySpan<byte> Applications(bool hasPiv) => Bytes.Of(output =>
    {
        (Bytes Aid, Bytes Label)[] piv = hasPiv ? [(PivCommands.Aid, Label("PIV"u8))] : [];
        foreach (var (aid, label) in ((Bytes, Bytes)[])
            [(PurseCommands.Aid, Label("Purse"u8)), (StoreCommands.Aid, Label("Store"u8)), .. piv, (Name, Label("Notes"u8))])
        {
            var inside = Bytes.Of(template =>
            {
                var writer = new ByteWriter(template);
                Tlv.Write(writer, 0x4F, aid.Span);
                writer.WriteBytes(label);
            });
            Tlv.Write(new ByteWriter(output), 0x61, inside.Span);
        }
    }).Span;

    /// <summary>EF.ATR: card service data, capabilities, and how long commands and answers may be.</summary>
    private static ReadOnlySpan<byte> AnswerToReset() => Bytes.Of(output =>
    {
        var writer = new ByteWriter(output);
        Tlv.Write(writer, 0x43, [0xF8]);
        Tlv.Write(writer, 0x47, TesseraAtr.Capabilities(isSim: false, hasFiles: true).Span);
        Tlv.Write(
            writer, 0x7F66,
            [0x02, 0x02, LongestCommand >> 8, LongestCommand & 0xFF, 0x02, 0x02, .. LongestAnswer]);
    }).Span;
}
