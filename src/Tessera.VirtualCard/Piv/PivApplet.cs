using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Cards.Issuing;
using Tessera.Cards.Piv;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.SecureChannels;
using Tessera.Wire;

namespace Tessera.VirtualCard.Piv;

/// <summary>
/// The PIV card application (NIST SP 800-73-5 part 2), with the instructions by which hosts of vendors manage a card.
/// </summary>
internal sealed class PivApplet(CardMemory memory, RandomNumberGenerator random) : IPersonalised
{
    private const byte Verify = 0x20;
    private const byte ChangeReferenceData = 0x24;
    private const byte ResetRetryCounter = 0x2C;

    private const ushort TagList = 0x5C;
    private const ushort Content = 0x53;
    private const uint DiscoveryTag = 0x7E;

    private static readonly StatusWord FunctionNotSupported = new(0x6A81);

    /// <summary>The set of vendor instructions: without that for key metadata, which came with 5.3.</summary>
    private static readonly Bytes Version = Bytes.FromHex("050200");

    /// <summary>Application, the PIN of the application and no other.</summary>
    private static readonly Bytes Discovery = Bytes.FromHex($"7E12 4F0B{PivCommands.Aid} 5F2F02 4000");

    /// <summary>The same, and a finger that is compared on the card (bit 5 of the PIN usage policy).</summary>
    private static readonly Bytes DiscoveryWithFinger = Bytes.FromHex($"7E12 4F0B{PivCommands.Aid} 5F2F02 5000");

    private readonly PivPin _pin = new(memory);
    private readonly PivKeys _keys = new(memory);
    private readonly ManagementKey _manager = new(memory, random);

    public Bytes Aid => PivCommands.Aid;

    public bool UsesCardServices => false;

    public bool AnswersWithoutLe => true;

    public Bytes Select() => PivTemplate.Octets;

    public ResponseApdu Process(CommandApdu command)
    {
        if (command.Cla != 0x00) return new ResponseApdu(StatusWord.ClassNotSupported);
        try
        {
            return command switch
            {
                { Ins: Verify or ChangeReferenceData or ResetRetryCounter } => new ResponseApdu(_pin.Process(command)),
                { Ins: PivCommands.GetData } => Get(command),
                { Ins: PivCommands.PutData } => new ResponseApdu(Put(command)),
                { Ins: PivCommands.GeneralAuthenticate } => Authenticate(command),
                { Ins: PivCommands.GenerateAsymmetricKeyPair } => Generate(command),
                { Ins: PivCommands.ImportAsymmetricKey } => new ResponseApdu(Import(command)),
                { Ins: PivCommands.SetManagementKey } => new ResponseApdu(Manage(command)),
                { Ins: PivCommands.GetVersion } => Tell(command, Version),
                { Ins: PivCommands.GetSerial } => Tell(command, Bytes.CopyOf(memory.Read(CellId.PivSerial))),
                _ => new ResponseApdu(StatusWord.InstructionNotSupported),
            };
        }
        catch (WireFormatException)
        {
            return new ResponseApdu(StatusWord.WrongData);
        }
    }

    public void Deselect() => Forget();

    /// <summary>The card management key, of AES-128.</summary>
    public StatusWord Personalise(ushort group, Bytes data, SecretKey dataEncryption)
    {
        if (group != DataGroup.Key) return StatusWord.ReferencedDataNotFound;
        _manager.Forget();
        return KeyGroup.Take(data, dataEncryption, (_, key) => ManagementKey.Keep(memory, key));
    }

    /// <summary>A management key it has from its maker.</summary>
    public bool IsPersonalised => true;

    public void Blank(MemoryTransaction change)
    {
        // The next management key takes the place of this one.
    }

    public void Forget()
    {
        _pin.Forget();
        _manager.Forget();
    }

    private ResponseApdu Get(CommandApdu command)
    {
        if (command is not { P1: 0x3F, P2: 0xFF }) return new ResponseApdu(StatusWord.IncorrectP1P2);
        var reader = new ByteReader(command.Data.Span);
        var tag = ReadTag(ref reader);
        reader.ReadEnd("tag list");
        if (tag == DiscoveryTag)
            return new ResponseApdu(_pin.HasFinger ? DiscoveryWithFinger : Discovery, StatusWord.Success);
        if (Find(tag) is not { } found) return new ResponseApdu(StatusWord.FileNotFound);
        if (found.NeedsPin && !(found.TakesFinger ? _pin.IsHolderVerified : _pin.IsVerified))
            return new ResponseApdu(StatusWord.SecurityStatusNotSatisfied);

        var content = memory.Read(found.Cell);
        return content.IsEmpty
            ? new ResponseApdu(StatusWord.FileNotFound)
            : new ResponseApdu(Bytes.Of(new Tlv(Content, Bytes.CopyOf(content))), StatusWord.Success);
    }

    private StatusWord Put(CommandApdu command)
    {
        if (command is not { P1: 0x3F, P2: 0xFF }) return StatusWord.IncorrectP1P2;
        if (!_manager.IsAuthenticated) return StatusWord.SecurityStatusNotSatisfied;
        var reader = new ByteReader(command.Data.Span);
        if (Find(ReadTag(ref reader)) is not { } found) return FunctionNotSupported;
        var content = Tlv.ReadExpected(ref reader, Content, "content");
        reader.ReadEnd("content");
        if (content.Length > found.Capacity) return StatusWord.NotEnoughMemory;

        using var change = memory.Begin();
        change.Write(found.Cell, content);
        change.Commit();
        return StatusWord.Success;
    }

    private PivObject? Find(uint tag) => PivObject.Find(tag) is { } found && memory.Has(found.Cell) ? found : null;

    private ResponseApdu Authenticate(CommandApdu command)
    {
        var template = AuthenticationTemplate.Read(command.Data.Span);
        if (command.P2 == PivCommands.ManagementKey) return _manager.Process(command.P1, template);
        if (PivSlot.Find(command.P2) is not { } slot) return new ResponseApdu(StatusWord.IncorrectP1P2);
        using var key = _keys.Open(slot);
        if (key is null || (byte)key.Algorithm != command.P1) return new ResponseApdu(StatusWord.IncorrectP1P2);
        if (!_pin.Permits(slot.Rule)) return new ResponseApdu(StatusWord.SecurityStatusNotSatisfied);

        var result = template switch
        {
            { Response.Length: 0, Challenge: { } input, Witness: null, Exponentiation: null } => key.Sign(input.Span),
            { Response.Length: 0, Exponentiation: { } point, Witness: null, Challenge: null } when slot.Agrees =>
                key.Agree(point.Span),
            _ => null,
        };
        return result is { } octets
            ? new ResponseApdu(
                AuthenticationTemplate.Write(AuthenticationTemplate.ResponseTag, octets.Span), StatusWord.Success)
            : new ResponseApdu(StatusWord.WrongData);
    }

    private ResponseApdu Generate(CommandApdu command)
    {
        if (command.P1 != 0) return new ResponseApdu(StatusWord.IncorrectP1P2);
        return _manager.IsAuthenticated
            ? _keys.Generate(command.P2, command.Data.Span)
            : new ResponseApdu(StatusWord.SecurityStatusNotSatisfied);
    }

    private StatusWord Import(CommandApdu command) => _manager.IsAuthenticated
        ? _keys.Import(command.P1, command.P2, command.Data.Span)
        : StatusWord.SecurityStatusNotSatisfied;

    /// <summary>Data: algorithm 1 | 9B | length 1 | key.</summary>
    private StatusWord Manage(CommandApdu command)
    {
        if (command is not { P1: 0xFF, P2: 0xFF }) return StatusWord.IncorrectP1P2;
        var reader = new ByteReader(command.Data.Span);
        var algorithm = (PivAlgorithm)reader.ReadByte("algorithm");
        if (reader.ReadByte("key reference") != PivCommands.ManagementKey) return StatusWord.WrongData;
        var key = reader.ReadOctets(reader.ReadByte("length"), "key");
        reader.ReadEnd("key");
        return _manager.Replace(algorithm, key);
    }

    private static ResponseApdu Tell(CommandApdu command, Bytes octets) => command switch
    {
        not { P1: 0, P2: 0 } => new ResponseApdu(StatusWord.IncorrectP1P2),
        { Data.Length: not 0 } => new ResponseApdu(StatusWord.WrongLength),
        _ => new ResponseApdu(octets, StatusWord.Success),
    };

    /// <summary>The tag that a list names: one, of one to three octets.</summary>
    private static uint ReadTag(ref ByteReader reader)
    {
        var at = reader.Offset;
        var named = Tlv.ReadExpected(ref reader, TagList, "tag list");
        if (named.Length is 0 or > 3) throw new WireFormatException("tag list", at, $"names {named.Length} octets");
        uint tag = 0;
        foreach (var octet in named) tag = (tag << 8) | octet;
        return tag;
    }
}
