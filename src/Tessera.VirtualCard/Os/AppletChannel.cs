using Tessera.Cards;
using Tessera.Cards.Biometrics;
using Tessera.Wire;

namespace Tessera.VirtualCard.Os;

/// <summary>
/// A way to the applets of a card with a selection of its own (ISO/IEC 7816-4): the contacts are one, the toolkit
/// applet of a SIM has another. What the applets keep is the same on all of them.
/// </summary>
internal sealed class AppletChannel(
    CardId id, CardPin pin, CardFinger finger, IReadOnlyList<IApplet> applets)
{
    private const byte Select = 0xA4;
    private const byte Verify = 0x20;
    private const byte ChangeReferenceData = 0x24;
    private const byte ResetRetryCounter = 0x2C;
    private const byte GetResponse = 0xC0;
    private const byte GetData = 0xCA;
    private const byte ManageChannel = 0x70;
    private const byte ByName = 0x04;
    private const byte FirstOrOnly = 0x00;
    private const byte WithoutAnswer = 0x0C;
    private const ushort CardIdTag = 0x00C1;

    private readonly CommandChain _chain = new();
    private readonly PendingAnswer _pending = new();
    private IApplet? _selected;

    /// <summary>One command of a host, which may chain its commands and fetch long answers in parts.</summary>
    public ResponseApdu Execute(ref CommandApdu command)
    {
        if (RefuseClass(command.Cla) is { } refused) return Refuse(refused);
        if (command is { Ins: GetResponse, IsChained: false }) return Continue(command);

        _pending.Drop();
        if (_chain.Take(ref command) is { } ofBlock) return new ResponseApdu(ofBlock);

        return _pending.Take(Dispatch(command), command.Le);
    }

    /// <summary>One whole command of a program on the card, answered whole.</summary>
    public ResponseApdu Call(CommandApdu command) =>
        RefuseClass(command.Cla) is { } refused ? new ResponseApdu(refused) : Dispatch(command);

    /// <summary>What is no command for this card still ends a chain and the waiting of an answer.</summary>
    public ResponseApdu Refuse(StatusWord status)
    {
        _chain.Drop();
        _pending.Drop();
        return new ResponseApdu(status);
    }

    /// <summary>Power is gone: nothing is selected.</summary>
    public void Forget()
    {
        _selected = null;
        _chain.Drop();
        _pending.Drop();
    }

    private ResponseApdu Dispatch(CommandApdu command) => command switch
    {
        { Cla: 0x00, Ins: Select } => SelectApplet(command),
        { Cla: 0x00, Ins: GetData, P1: CardIdTag >> 8, P2: CardIdTag & 0xFF } =>
            new ResponseApdu(Bytes.Of(id), StatusWord.Success),
        { Cla: 0x00, Ins: ManageChannel } => new ResponseApdu(OsStatus.LogicalChannelNotSupported),
        _ when _selected is null => new ResponseApdu(StatusWord.InstructionNotSupported),
        { Cla: 0x00, Ins: Verify or ChangeReferenceData or ResetRetryCounter } =>
            new ResponseApdu(pin.Process(command)),
        { Cla: 0x00, Ins: FingerCommands.Verify } => new ResponseApdu(finger.Process(command)),
        _ => _selected.Process(command),
    };

    private ResponseApdu Continue(CommandApdu command)
    {
        _chain.Drop();
        return command switch
        {
            { Data.Length: not 0 } or { Le: null } => new ResponseApdu(StatusWord.WrongLength),
            { P1: not 0 } or { P2: not 0 } => new ResponseApdu(StatusWord.IncorrectP1P2),
            _ when _pending.IsEmpty => new ResponseApdu(StatusWord.ConditionsNotSatisfied),
            { Le: { } le } => _pending.Next(le),
        };
    }

    /// <summary>By the whole AID only; where none has it, the applet selected before stays selected.</summary>
    private ResponseApdu SelectApplet(CommandApdu command)
    {
        if (command is not { P1: ByName, P2: FirstOrOnly or WithoutAnswer })
            return new ResponseApdu(StatusWord.IncorrectP1P2);
        if (applets.FirstOrDefault(applet => applet.Aid == command.Data) is not { } found)
            return new ResponseApdu(StatusWord.FileNotFound);

        _selected = found;
        return new ResponseApdu(command.P2 == WithoutAnswer ? Bytes.Empty : found.Select(), StatusWord.Success);
    }

    /// <summary>CLA asks for secure messaging and logical channels (ISO/IEC 7816-4 §5.4.1): here are none.</summary>
    private static StatusWord? RefuseClass(byte cla) => (cla & 0xE0) switch
    {
        0x00 or 0x80 when (cla & 0x0C) != 0 => OsStatus.SecureMessagingNotSupported,
        0x00 or 0x80 when (cla & 0x03) != 0 => OsStatus.LogicalChannelNotSupported,
        0x00 or 0x80 => null,
        0x40 => OsStatus.LogicalChannelNotSupported,
        0x60 => OsStatus.SecureMessagingNotSupported,
        _ => StatusWord.ClassNotSupported,
    };
}
