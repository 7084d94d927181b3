using System.Buffers;
using Tessera.Cards;
using Tessera.Cards.Issuing;
using Tessera.Cards.SecureChannels;
using Tessera.VirtualCard.Os;
using Tessera.Wire;

namespace Tessera.VirtualCard.SecureChannels;

/// <summary>
/// STORE DATA for the domain itself, or for the applet that INSTALL [for personalization] named (GlobalPlatform Card
/// Specification §11.11, §11.5).
/// </summary>
internal sealed class DomainStore(DomainFile file, SecureChannelEnd end, CardBirth birth)
{
    private const byte ForPersonalisation = 0x20;
    private const byte LastBlock = 0x80;
    private const byte FormBits = 0x78;

    /// <summary>Issuer and card image numbers (annex H), and what describes the card.</summary>
    private static readonly ushort[] Tags = [0x42, 0x45, 0x67, 0x9F7F];

    private IPersonalised? _target;
    private byte _next;

    /// <summary>Whose the data are is open again.</summary>
    public void Forget() => (_target, _next) = (null, 0);

    public ResponseApdu Install(CommandApdu command)
    {
        if (command is not { P1: ForPersonalisation, P2: 0 }) return new ResponseApdu(StatusWord.IncorrectP1P2);
        if (Target(command.Data) is not { } aid) return new ResponseApdu(StatusWord.WrongData);
        _target = birth.Applets.FirstOrDefault(applet => applet.Aid == aid) as IPersonalised;
        return _target is null
            ? new ResponseApdu(StatusWord.ReferencedDataNotFound)
            : new ResponseApdu(new Bytes((byte[])[0]), StatusWord.Success);
    }

    /// <summary>One block: blocks come in order, and each holds whole objects or groups.</summary>
    public StatusWord Store(CommandApdu command)
    {
        var status = command.P2 == _next ? Take(command) : StatusWord.IncorrectP1P2;
        _next++;
        if (!status.IsSuccess || (command.P1 & LastBlock) != 0) Forget();
        return status;
    }

    /// <summary>The value of an object, null where there is none.</summary>
    public static Bytes? Find(Bytes objects, ushort tag)
    {
        var reader = new ByteReader(objects.Span);
        while (reader.Remaining > 0)
        {
            var value = Tlv.ReadValue(ref reader, out var found);
            if (found == tag) return Bytes.CopyOf(value);
        }

        return null;
    }

    private StatusWord Take(CommandApdu command) => (StoreDataForm)(command.P1 & FormBits) switch
    {
        StoreDataForm.Tlv when _target is null => TakeObjects(command.Data),
        StoreDataForm.Groups => TakeGroups(command.Data),
        _ => StatusWord.IncorrectP1P2,
    };

    private StatusWord TakeObjects(Bytes data)
    {
        var objects = file.Objects;
        try
        {
            var reader = new ByteReader(data.Span);
            while (reader.Remaining > 0)
            {
                var value = Tlv.ReadValue(ref reader, out var tag);
                if (!Tags.Contains(tag)) return StatusWord.ReferencedDataNotFound;
                objects = Replace(objects, tag, value);
            }
        }
        catch (WireFormatException)
        {
            return StatusWord.WrongData;
        }

        if (objects.Length > DomainFile.MaxObjects) return StatusWord.NotEnoughMemory;
        file.WriteObjects(objects.Span);
        return StatusWord.Success;
    }

    private StatusWord TakeGroups(Bytes data)
    {
        var at = 0;
        while (at < data.Length)
        {
            if (Group(data, ref at) is not { } group) return StatusWord.WrongData;
            var status = Take(group);
            group.Content.Erase();
            if (!status.IsSuccess) return status;
        }

        return StatusWord.Success;
    }

    /// <summary>Of the applet that was installed for it, or of the card itself.</summary>
    private StatusWord Take(DataGroup group) =>
        _target is not { } target ? birth.Take(group, end.DataEncryption)
        : group.Id >= DataGroup.FirstAtBirth && birth.Life.State != CardLifeCycle.Initialized
            ? StatusWord.ConditionsNotSatisfied
            : target.Personalise(group.Id, group.Content, end.DataEncryption);

    /// <summary>The next group; null where the octets are none.</summary>
    private static DataGroup? Group(Bytes data, ref int at)
    {
        try
        {
            var reader = new ByteReader(data.Span[at..]);
            var group = DataGroup.Read(ref reader);
            at += reader.Offset;
            return group;
        }
        catch (WireFormatException)
        {
            return null;
        }
    }

    /// <summary>The application's AID: load file and module before it are empty, as all after it.</summary>
    private static Bytes? Target(Bytes data)
    {
        var octets = data.Span;
        if (octets.Length < 6 || octets[0] != 0 || octets[1] != 0) return null;
        int length = octets[2];
        return octets.Length == length + 6 && !octets[(3 + length)..].ContainsAnyExcept((byte)0)
            ? Bytes.CopyOf(octets.Slice(3, length))
            : null;
    }

    private static Bytes Replace(Bytes objects, ushort tag, ReadOnlySpan<byte> value)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new ByteWriter(output);
        var reader = new ByteReader(objects.Span);
        while (reader.Remaining > 0)
        {
            var kept = Tlv.ReadValue(ref reader, out var other);
            if (other != tag) Tlv.Write(writer, other, kept);
        }

        if (value.Length > 0) Tlv.Write(writer, tag, value);
        return new Bytes(output.WrittenMemory);
    }
}
