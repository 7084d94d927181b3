using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Cards.Issuing;
using Tessera.Cards.Store;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.SecureChannels;
using Tessera.Wire;

namespace Tessera.VirtualCard.Applets;

/// <summary>The data store (docs/protocols/store.md).</summary>
internal sealed class StoreApplet(CardMemory memory, CardId card) : IPersonalised
{
    private const ushort FieldGroup = 0x0100;
    private const int WriteHead = 2 + StoreMac.Length;

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
        (_, 0x60 or 0x62 or 0x64) => new ResponseApdu(StatusWord.ClassNotSupported),
        _ => new ResponseApdu(StatusWord.InstructionNotSupported),
    };

    /// <summary>A key, or a field: group 01 and its id, holding version 2 and content 0..128.</summary>
    public StatusWord Personalise(ushort group, Bytes data, SecretKey dataEncryption) => group switch
    {
        DataGroup.Key => KeyGroup.Take(data, dataEncryption, _file.Commit),
        > FieldGroup and <= (FieldGroup | 0xFF) => Personalise((byte)group, data),
        _ => StatusWord.ReferencedDataNotFound,
    };

    public bool IsPersonalised => _file.IsPersonalised;

    public void Blank(MemoryTransaction change) => StoreFile.Blank(change);

    public void Forget()
    {
        // Nothing of the store is volatile.
    }

    private StatusWord Personalise(byte id, Bytes data)
    {
        if (data.Length is < 2 or > 2 + StoreCommands.MaxContent) return StatusWord.WrongData;
        var reader = new ByteReader(data.Span);
        var version = reader.ReadUInt16("version");
        return Write(new StoreField(id, version, Bytes.CopyOf(reader.ReadRest())));
    }

    private ResponseApdu List(CommandApdu command)
    {
        if (command.Data.Length != 0) return new ResponseApdu(StatusWord.WrongLength);
        if (command is not { P1: 0, P2: 0 }) return new ResponseApdu(StatusWord.IncorrectP1P2);

        return new ResponseApdu(Bytes.Of(output =>
        {
            foreach (var (id, version, content) in _file.Fields)
                new FieldVersion(id, version, (byte)content.Length).Write(new ByteWriter(output));
        }), StatusWord.Success);
    }

    private ResponseApdu Read(CommandApdu command)
    {
        if (command.Data.Length != StoreMac.NonceLength) return new ResponseApdu(StatusWord.WrongLength);
        if (command is not { P1: 0, P2: not 0 }) return new ResponseApdu(StatusWord.IncorrectP1P2);

        var (id, version, content) = _file.Find(command.P2);
        using var key = _file.OpenKey();
        using var readingKey = StoreMac.ReadingKey(key, card, id);
        var mac = StoreMac.Read(readingKey, card, id, version, content, command.Data);
        return new ResponseApdu(Bytes.Of(new StoredField(version, content, mac)), StatusWord.Success);
    }

    private StatusWord Write(CommandApdu command)
    {
        if (command.Data.Length is < WriteHead or > WriteHead + StoreCommands.MaxContent) return StatusWord.WrongLength;
        if (command is not { P1: 0, P2: not 0 }) return StatusWord.IncorrectP1P2;

        var write = command.Data.Read<FieldWrite>();
        if (!IsIssuers(command.P2, write)) return WrongMac;
        return Write(new StoreField(command.P2, write.Version, write.Content));
    }

    private StatusWord Write(StoreField field)
    {
        if (field.Version <= _file.Find(field.Id).Version) return StatusWord.ConditionsNotSatisfied;
        return _file.TryCommit(field) ? StatusWord.Success : StatusWord.NotEnoughMemory;
    }

    private bool IsIssuers(byte id, FieldWrite write)
    {
        using var key = _file.OpenKey();
        using var writingKey = StoreMac.WritingKey(key, card, id);
        var mac = StoreMac.Write(writingKey, card, id, write.Version, write.Content);
        return CryptographicOperations.FixedTimeEquals(mac.Span, write.Mac.Span);
    }
}
