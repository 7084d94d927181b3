using Tessera.Cards;
using Tessera.Cards.Store;
using Tessera.Platform.Holders;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Platform.Tests.Sessions.Model;

/// <summary>The data store of docs/protocols/store.md in as few lines as will do.</summary>
internal sealed class ModelStore(CardRegistration registration, SecretKey key)
{
    private readonly SortedDictionary<byte, (ushort Version, Bytes Content)> _fields = [];

    /// <summary>What it answers to a WRITE instead of keeping anything; null where it keeps what it is told.</summary>
    public StatusWord? Refuses { get; set; }

    /// <summary>It says that it keeps what it is told, and keeps nothing.</summary>
    public bool Forgets { get; set; }

    /// <summary>WRITEs that were committed.</summary>
    public int Writes { get; private set; }

    public Sequence<OpeningField> Versions => _fields.Select(one => new OpeningField(one.Key, one.Value.Version)).ToSequence();

    public Bytes this[byte field] => _fields.GetValueOrDefault(field).Content;

    /// <summary>Written by somebody else whom the issuer trusts.</summary>
    public void Put(byte field, Bytes content) =>
        _fields[field] = ((ushort)(_fields.GetValueOrDefault(field).Version + 1), content);

    public ResponseApdu Transmit(CommandApdu command) => command.Ins switch
    {
        0x60 => new ResponseApdu(Bytes.Of(output =>
        {
            foreach (var (id, (version, content)) in _fields)
                new FieldVersion(id, version, (byte)content.Length).Write(new ByteWriter(output));
        }), StatusWord.Success),
        0x62 => Read(command.P2, command.Data),
        0x64 => Write(command.P2, command.Data.Read<FieldWrite>()),
        _ => new ResponseApdu(StatusWord.InstructionNotSupported),
    };

    private ResponseApdu Read(byte id, Bytes nonce)
    {
        var (version, content) = _fields.GetValueOrDefault(id);
        using var reading = StoreMac.ReadingKey(key, registration.Card, id);
        var mac = StoreMac.Read(reading, registration.Card, id, version, content, nonce);
        return new ResponseApdu(Bytes.Of(new StoredField(version, content, mac)), StatusWord.Success);
    }

    private ResponseApdu Write(byte id, FieldWrite write)
    {
        using var writing = StoreMac.WritingKey(key, registration.Card, id);
        if (StoreMac.Write(writing, registration.Card, id, write.Version, write.Content) != write.Mac)
            return new ResponseApdu(new StatusWord(0x6988));
        if (write.Version <= _fields.GetValueOrDefault(id).Version) return new ResponseApdu(StatusWord.ConditionsNotSatisfied);
        if (Refuses is { } refused) return new ResponseApdu(refused);
        if (Forgets) return new ResponseApdu(StatusWord.Success);
        _fields[id] = (write.Version, write.Content);
        Writes++;
        return new ResponseApdu(StatusWord.Success);
    }
}
