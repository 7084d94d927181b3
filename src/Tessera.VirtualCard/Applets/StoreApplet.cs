using Tessera.Cards;
using Tessera.Cards.Issuing;
using Tessera.Cards.Store;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Os;
using Tessera.VirtualCard.SecureChannels;
using Tessera.Wire;

namespace Tessera.VirtualCard.Applets;

/// <summary>The data store (docs/protocols/store.md).</summary>
internal sealed class StoreApplet(CardMemory memory, CardPin pin, CardId card) : IPersonalised
{
    private const int WriteHead = 2 + StoreMac.Length;
    private const int DefineHead = WriteHead + FieldDefinition.Length;

    private static readonly StatusWord WrongMac = new(0x6988);

    private readonly StoreFile _file = new(memory);

    public Bytes Aid => StoreCommands.Aid;

    public bool IsShareable => true;

    public Bytes Select() => Bytes.Of(new ApplicationTemplate(Aid, card, _file.KeyVersion));

    public ResponseApdu Process(CommandApdu command) => (command.Cla, command.Ins) switch
    {
        (0x80, 0x60) => List(command),
        (0x80, 0x62) => Read(command),
        (0x80, 0x64) => new ResponseApdu(Write(command)),
        (0x80, 0x66) => new ResponseApdu(Define(command)),
        (_, 0x60 or 0x62 or 0x64 or 0x66) => new ResponseApdu(StatusWord.ClassNotSupported),
        _ => new ResponseApdu(StatusWord.InstructionNotSupported),
    };

    /// <summary>
    /// A key, or a field: group 01 and its id, holding version 2 and content, or group 02 with a definition 2 before.
    /// </summary>
    public StatusWord Personalise(ushort group, Bytes data, SecretKey dataEncryption) => group switch
    {
        DataGroup.Key => KeyGroup.Take(data, dataEncryption, _file.Commit),
        > DataGroup.Field and <= (DataGroup.Field | 0xFF) => Personalise((byte)group, data, isDefined: false),
        > DataGroup.DefinedField and <= (DataGroup.DefinedField | 0xFF) => Personalise((byte)group, data, isDefined: true),
        _ => StatusWord.ReferencedDataNotFound,
    };

    public bool IsPersonalised => _file.IsPersonalised;

    public void Blank(MemoryTransaction change) => StoreFile.Blank(change);

    public void Forget()
    {
        // Nothing of the store is volatile.
    }

    private StatusWord Personalise(byte id, Bytes data, bool isDefined)
    {
        var head = isDefined ? 2 + FieldDefinition.Length : 2;
        if (data.Length < head || data.Length > head + StoreCommands.MaxContent) return StatusWord.WrongData;
        var reader = new ByteReader(data.Span);
        var definition = _file.Find(id).Definition;
        if (isDefined && !TryRead(ref reader, out definition)) return StatusWord.WrongData;
        var version = reader.ReadUInt16("version");
        return Write(new StoreField(id, version, Bytes.CopyOf(reader.ReadRest()), definition));
    }

    private ResponseApdu List(CommandApdu command)
    {
        if (command.Data.Length != 0) return new ResponseApdu(StatusWord.WrongLength);
        if (command is not { P1: 0 or 1, P2: 0 }) return new ResponseApdu(StatusWord.IncorrectP1P2);

        return new ResponseApdu(Bytes.Of(output =>
        {
            var writer = new ByteWriter(output);
            foreach (var (id, version, content, definition) in _file.Fields)
            {
                new FieldVersion(id, version, (byte)content.Length).Write(writer);
                if (command.P1 != 0) definition.Write(writer);
            }
        }), StatusWord.Success);
    }

    private ResponseApdu Read(CommandApdu command)
    {
        if (command.Data.Length != StoreMac.NonceLength) return new ResponseApdu(StatusWord.WrongLength);
        if (!NamesField(command)) return new ResponseApdu(StatusWord.IncorrectP1P2);

        var (id, version, content, definition) = _file.Find(command.P2);
        if (!IsSecured(command) && !MayRead(definition.Reading))
            return new ResponseApdu(StatusWord.SecurityStatusNotSatisfied);
        using var key = _file.OpenKey();
        var answer = new FieldCodes(key, card, id).Answer(version, content, command.Data, IsSecured(command));
        return new ResponseApdu(Bytes.Of(answer), StatusWord.Success);
    }

    private StatusWord Write(CommandApdu command)
    {
        if (command.Data.Length is < WriteHead or > WriteHead + StoreCommands.MaxContent) return StatusWord.WrongLength;
        if (!NamesField(command)) return StatusWord.IncorrectP1P2;

        var write = command.Data.Read<FieldWrite>();
        using var key = _file.OpenKey();
        var content = new FieldCodes(key, card, command.P2).Open(write, IsSecured(command));
        return content is null
            ? WrongMac
            : Write(_file.Find(command.P2) with { Version = write.Version, Content = content.Value });
    }

    private StatusWord Define(CommandApdu command)
    {
        if (command.Data.Length is < DefineHead or > DefineHead + StoreCommands.MaxContent)
            return StatusWord.WrongLength;
        if (!NamesField(command)) return StatusWord.IncorrectP1P2;
        var reader = new ByteReader(command.Data.Span[WriteHead..]);
        if (!TryRead(ref reader, out var definition)) return StatusWord.WrongData;

        var define = command.Data.Read<FieldDefine>();
        using var key = _file.OpenKey();
        var content = new FieldCodes(key, card, command.P2).Open(define, IsSecured(command));
        return content is null
            ? WrongMac
            : Write(new StoreField(command.P2, define.Version, content.Value, definition));
    }

    private StatusWord Write(StoreField field)
    {
        if (field.Version <= _file.Find(field.Id).Version) return StatusWord.ConditionsNotSatisfied;
        return _file.TryCommit(field) ? StatusWord.Success : StatusWord.NotEnoughMemory;
    }

    private bool MayRead(FieldReading reading) =>
        reading == FieldReading.Anybody || (reading == FieldReading.Holder && pin.IsVerified);

    private static bool NamesField(CommandApdu command) => command is { P1: 0 or StoreCommands.Secured, P2: not 0 };

    private static bool IsSecured(CommandApdu command) => command.P1 == StoreCommands.Secured;

    /// <summary>False where it says something that is not known here.</summary>
    private static bool TryRead(ref ByteReader reader, out FieldDefinition definition)
    {
        try
        {
            definition = FieldDefinition.Read(ref reader);
            return true;
        }
        catch (WireFormatException)
        {
            definition = default;
            return false;
        }
    }
}
