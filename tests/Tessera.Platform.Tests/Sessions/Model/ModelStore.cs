using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.Platform.Holders;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Platform.Tests.Sessions.Model;

/// <summary>The data store of docs/protocols/store.md in as few lines as will do.</summary>
internal sealed class ModelStore(CardRegistration registration, SecretKey key)
{
    private readonly SortedDictionary<byte, (ushort Version, Bytes Content)> _fields = [];
    private readonly Dictionary<byte, FieldDefinition> _definitions = [];

    /// <summary>What it answers to a WRITE instead of keeping anything; null where it keeps what it is told.</summary>
    public StatusWord? Refuses { get; set; }

    /// <summary>It says that it keeps what it is told, and keeps nothing.</summary>
    public bool Forgets { get; set; }

    /// <summary>WRITEs that were committed.</summary>
    public int Writes { get; private set; }

    public Sequence<OpeningField> Versions => _fields.Select(one => new OpeningField(one.Key, one.Value.Version)).ToSequence();

    public Bytes this[byte field] => _fields.GetValueOrDefault(field).Content;

    public FieldDefinition Definition(byte field) => _definitions.GetValueOrDefault(field);

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
        0x62 => Read(command),
        0x64 => Write(command.P2, command.Data.Read<FieldWrite>(), IsSecured(command)),
        0x66 => Define(command.P2, command.Data.Read<FieldDefine>(), IsSecured(command)),
        _ => new ResponseApdu(StatusWord.InstructionNotSupported),
    };

    private static bool IsSecured(CommandApdu command) => command.P1 == StoreCommands.Secured;

    private FieldCodes Codes(byte id) => new(key, registration.Card, id);

    private ResponseApdu Read(CommandApdu command)
    {
        if (Definition(command.P2).Reading != FieldReading.Anybody && !IsSecured(command))
            return new ResponseApdu(StatusWord.SecurityStatusNotSatisfied);
        var (version, content) = _fields.GetValueOrDefault(command.P2);
        var answer = Codes(command.P2).Answer(version, content, command.Data, IsSecured(command));
        return new ResponseApdu(Bytes.Of(answer), StatusWord.Success);
    }

    private ResponseApdu Write(byte id, FieldWrite write, bool isSecured) =>
        Take(id, write.Version, Codes(id).Open(write, isSecured), Definition(id));

    private ResponseApdu Define(byte id, FieldDefine define, bool isSecured) =>
        Take(id, define.Version, Codes(id).Open(define, isSecured), define.Definition);

    /// <summary>What a debit of the purse brings, all or nothing; objects only.</summary>
    public StatusWord Bring(IReadOnlyList<GoodsField> goods)
    {
        if (goods.Any(one => one.Version <= _fields.GetValueOrDefault(one.Field).Version)) return new StatusWord(0x9405);
        if (goods.Any(one => this[one.Field] is { Length: > 0 } there && there.Span[0] != 0)) return new StatusWord(0x6A89);
        foreach (var one in goods)
            (_fields[one.Field], _definitions[one.Field]) = ((one.Version, one.Content), one.Definition);
        return StatusWord.Success;
    }

    private ResponseApdu Take(byte id, ushort version, Bytes? content, FieldDefinition definition)
    {
        if (content is null) return new ResponseApdu(new StatusWord(0x6988));
        if (version <= _fields.GetValueOrDefault(id).Version) return new ResponseApdu(StatusWord.ConditionsNotSatisfied);
        if (Refuses is { } refused) return new ResponseApdu(refused);
        if (Forgets) return new ResponseApdu(StatusWord.Success);
        (_fields[id], _definitions[id]) = ((version, content.Value), definition);
        Writes++;
        return new ResponseApdu(StatusWord.Success);
    }
}
