using Tessera.Cards;
using Tessera.Cards.SecureChannels;
using Tessera.VirtualCard.Os;
using Tessera.Wire;

namespace Tessera.VirtualCard.SecureChannels;

/// <summary>
/// The issuer security domain: keys, the registry of applets, and their data from the issuer (GlobalPlatform Card
/// Specification §11; docs/protocols/scp03.md §4). It is selected behind a <see cref="SecuredApplet"/>.
/// </summary>
internal sealed class IssuerDomain(
    DomainFile file, SecureChannelEnd end, CardBirth birth) : IApplet
{
    private const byte Cla = 0x80;
    private const byte PutKey = 0xD8;
    private const byte StoreData = 0xE2;
    private const byte Delete = 0xE4;
    private const byte Install = 0xE6;
    private const byte SetStatus = 0xF0;
    private const byte GetStatus = 0xF2;
    private const byte GetData = 0xCA;

    private readonly DomainKeyCommands _keys = new(file, end);
    private readonly DomainRegistry _registry = new(file, birth);
    private readonly DomainStore _store = new(file, end, birth);

    public Bytes Aid { get; } = file.Aid;

    public bool UsesCardServices => false;

    /// <summary>FCI: the AID, and that a command carries at most 255 octets of data unless lengths are extended.</summary>
    public Bytes Select() => Bytes.Of(output =>
    {
        var writer = new ByteWriter(output);
        Tlv.Write(writer, 0x6F, Bytes.Of(outer =>
        {
            var inner = new ByteWriter(outer);
            Tlv.Write(inner, 0x84, Aid.Span);
            Tlv.Write(inner, 0xA5, [0x9F, 0x65, 0x01, 0xFF]);
        }).Span);
    });

    public ResponseApdu Process(CommandApdu command)
    {
        if (command.Ins != StoreData) _store.Forget();
        if (command.Cla != Cla) return new ResponseApdu(StatusWord.ClassNotSupported);
        return command.Ins switch
        {
            GetData => _registry.GetData(command),
            GetStatus when end.Level is not null => _registry.GetStatus(command),
            _ when birth.Life.State == CardLifeCycle.Terminated => new ResponseApdu(StatusWord.ConditionsNotSatisfied),
            PutKey when end.IsSecured => _keys.Put(command),
            Delete when end.IsSecured => _keys.Delete(command, birth),
            SetStatus when end.IsSecured => new ResponseApdu(Become(command)),
            Install when end.IsSecured => _store.Install(command),
            StoreData when end.IsSecured => new ResponseApdu(_store.Store(command)),
            GetStatus or SetStatus or PutKey or Delete or Install or StoreData =>
                new ResponseApdu(StatusWord.SecurityStatusNotSatisfied),
            _ => new ResponseApdu(StatusWord.InstructionNotSupported),
        };
    }

    private StatusWord Become(CommandApdu command) => command.P1 == (byte)RegistryKind.IssuerDomain
        ? birth.Become((CardLifeCycle)command.P2)
        : StatusWord.IncorrectP1P2;

    public void Deselect() => _store.Forget();

    public void Forget() => _store.Forget();
}
