using System.Buffers;
using Tessera.Cards;
using Tessera.Cards.SecureChannels;
using Tessera.Wire;

namespace Tessera.VirtualCard.SecureChannels;

/// <summary>What a security domain tells: GET STATUS and GET DATA (GlobalPlatform Card Specification §11.4, §11.3).</summary>
internal sealed class DomainRegistry(DomainFile file, CardBirth birth)
{
    private const byte TaggedAnswer = 0x02;
    private const byte Selectable = 0x07;
    private const ushort AidTag = 0x4F;
    private const ushort CardRecognition = 0x66;
    private const ushort KeyInformation = 0xE0;
    private const ushort SequenceCounter = 0xC1;

    private static readonly Bytes OfDomain = Bytes.FromHex("800000");
    private static readonly Bytes OfApplication = Bytes.FromHex("000000");

    /// <summary>All that begin with what is looked for, in one answer.</summary>
    public ResponseApdu GetStatus(CommandApdu command)
    {
        if (command.P2 != TaggedAnswer || command.P1 is not (0x80 or 0x40 or 0x20 or 0x10))
            return new ResponseApdu(StatusWord.IncorrectP1P2);
        if (Prefix(command.Data) is not { } prefix) return new ResponseApdu(StatusWord.WrongData);

        var found = Bytes.Of(output =>
        {
            foreach (var entry in Entries((RegistryKind)command.P1))
                if (entry.Aid.Span.StartsWith(prefix.Span)) entry.Write(new ByteWriter(output));
        });
        return found.Length == 0
            ? new ResponseApdu(StatusWord.ReferencedDataNotFound)
            : new ResponseApdu(found, StatusWord.Success);
    }

    public ResponseApdu GetData(CommandApdu command)
    {
        if (command.Data.Length != 0) return new ResponseApdu(StatusWord.WrongLength);
        var tag = (ushort)((command.P1 << 8) | command.P2);
        var found = tag switch
        {
            CardRecognition => Recognition(),
            KeyInformation => Keys(),
            SequenceCounter => Sequence(),
            _ => DomainStore.Find(file.Objects, tag),
        };
        return found is { } value
            ? new ResponseApdu(Bytes.Of(output => Tlv.Write(new ByteWriter(output), tag, value.Span)), StatusWord.Success)
            : new ResponseApdu(StatusWord.ReferencedDataNotFound);
    }

    private IEnumerable<RegistryEntry> Entries(RegistryKind kind) => kind switch
    {
        RegistryKind.IssuerDomain => [new RegistryEntry(file.Aid, (byte)birth.Life.State, OfDomain)],
        RegistryKind.Applications => birth.Applets.Select(each => new RegistryEntry(each.Aid, Selectable, OfApplication)),
        _ => [],
    };

    /// <summary>The search criterion; a list of tags behind it is left out, for all of them come.</summary>
    private static Bytes? Prefix(Bytes data)
    {
        try
        {
            var reader = new ByteReader(data.Span);
            return Bytes.CopyOf(Tlv.ReadExpected(ref reader, AidTag, "AID"));
        }
        catch (WireFormatException)
        {
            return null;
        }
    }

    /// <summary>Card recognition data (annex H): GlobalPlatform 2.3, SCP03 with its i.</summary>
    private Bytes Recognition()
    {
        byte[] globalPlatform = [0x2A, 0x86, 0x48, 0x86, 0xFC, 0x6B];
        return Nested(0x73, writer =>
        {
            Tlv.Write(writer, 0x06, [.. globalPlatform, 0x01]);
            Tlv.Write(writer, 0x60, Nested(0x06, [.. globalPlatform, 0x02, 0x02, 0x03]).Span);
            Tlv.Write(writer, 0x63, Nested(0x06, [.. globalPlatform, 0x03]).Span);
            Tlv.Write(writer, 0x64, Nested(0x06, [.. globalPlatform, 0x04, 0x03, (byte)file.Options]).Span);
        });
    }

    /// <summary>C0 { key id 1, version 1, type 1, length 1 } for each key (§11.3).</summary>
    private Bytes Keys() => Bytes.Of(output =>
    {
        foreach (var (version, length) in file.Versions)
            for (byte id = 1; id <= GlobalPlatformCommands.KeysOfVersion; id++)
                Tlv.Write(new ByteWriter(output), 0xC0, [id, version, EncryptedKey.Aes, (byte)length]);
    });

    /// <summary>Of the version that the card takes first.</summary>
    private Bytes? Sequence()
    {
        if (!file.Options.HasFlag(Scp03Options.PseudoRandomChallenge)) return null;
        using var keys = file.Open(0)!;
        return new Bytes((byte[])[(byte)(keys.Sequence >> 16), (byte)(keys.Sequence >> 8), (byte)keys.Sequence]);
    }

    private static Bytes Nested(ushort tag, byte[] value) => Nested(tag, writer => writer.WriteOctets(value));

    private static Bytes Nested(ushort tag, WriteFields write)
    {
        var inner = new ArrayBufferWriter<byte>();
        write(new ByteWriter(inner));
        return Bytes.Of(output => Tlv.Write(new ByteWriter(output), tag, inner.WrittenSpan));
    }

    private delegate void WriteFields(ByteWriter writer);
}
