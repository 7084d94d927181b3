using Tessera.Cards;
using Tessera.VirtualCard.Memory;
using Tessera.Wire;

namespace Tessera.VirtualCard.Os;

/// <summary>The operating system of a card in software: one command in, its answer out (ISO/IEC 7816-4).</summary>
/// <remarks>
/// Any octets are answered. Only a medium that fails throws (<see cref="IOException"/>): such a card is mute until it
/// is opened again, as one that lost its power in the middle of a command.
/// </remarks>
public sealed class CardOs : IDisposable
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

    private readonly Lock _oneAtATime = new();
    private readonly CardMemory _memory;
    private readonly CardPin _pin;
    private readonly IReadOnlyList<IApplet> _applets;
    private readonly CommandChain _chain = new();
    private readonly PendingAnswer _pending = new();
    private IApplet? _selected;

    internal CardOs(CardId id, CardMemory memory, CardPin pin, IReadOnlyList<IApplet> applets) =>
        (Id, _memory, _pin, _applets) = (id, memory, pin, applets);

    public CardId Id { get; }

    /// <summary>Answer to reset, always the same.</summary>
    public Bytes Atr { get; } = TesseraAtr.Octets;

    public bool IsPowered { get; private set; }

    /// <summary>Cold or warm reset: everything volatile is as after personalisation.</summary>
    /// <returns>Answer to reset.</returns>
    public Bytes Reset()
    {
        lock (_oneAtATime)
        {
            Forget();
            IsPowered = true;
            return Atr;
        }
    }

    public void PowerOff()
    {
        lock (_oneAtATime)
        {
            Forget();
            IsPowered = false;
        }
    }

    /// <summary>Executes one command. A card without power answers 6F00.</summary>
    /// <param name="command">A C-APDU, or anything else.</param>
    /// <returns>An R-APDU.</returns>
    /// <exception cref="IOException">The medium of the image failed.</exception>
    public Bytes Transmit(ReadOnlySpan<byte> command)
    {
        lock (_oneAtATime)
        {
            if (!IsPowered) return Bytes.Of(StatusWord.NoPreciseDiagnosis);
            if (!TryRead(command, out var apdu)) return Bytes.Of(Refuse(StatusWord.WrongLength));
            try
            {
                return Bytes.Of(Execute(ref apdu));
            }
            finally
            {
                apdu.Data.Erase();
            }
        }
    }

    /// <summary>Closes the image; what RAM held is erased.</summary>
    public void Dispose()
    {
        PowerOff();
        _memory.Dispose();
    }

    private ResponseApdu Execute(ref CommandApdu command)
    {
        if (RefuseClass(command.Cla) is { } refused) return Refuse(refused);
        if (command is { Ins: GetResponse, IsChained: false }) return Continue(command);

        _pending.Drop();
        if (_chain.Take(ref command) is { } ofBlock) return new ResponseApdu(ofBlock);

        return _pending.Take(Dispatch(command), command.Le);
    }

    /// <summary>What is no command for this card still ends a chain and the waiting of an answer.</summary>
    private ResponseApdu Refuse(StatusWord status)
    {
        _chain.Drop();
        _pending.Drop();
        return new ResponseApdu(status);
    }

    private ResponseApdu Dispatch(CommandApdu command) => command switch
    {
        { Cla: 0x00, Ins: Select } => SelectApplet(command),
        { Cla: 0x00, Ins: GetData, P1: CardIdTag >> 8, P2: CardIdTag & 0xFF } =>
            new ResponseApdu(Bytes.Of(Id), StatusWord.Success),
        { Cla: 0x00, Ins: ManageChannel } => new ResponseApdu(OsStatus.LogicalChannelNotSupported),
        _ when _selected is null => new ResponseApdu(StatusWord.InstructionNotSupported),
        { Cla: 0x00, Ins: Verify or ChangeReferenceData or ResetRetryCounter } =>
            new ResponseApdu(_pin.Process(command)),
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
        if (_applets.FirstOrDefault(applet => applet.Aid == command.Data) is not { } found)
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

    private static bool TryRead(ReadOnlySpan<byte> octets, out CommandApdu command)
    {
        try
        {
            var reader = new ByteReader(octets);
            command = CommandApdu.Read(ref reader);
            return reader.Remaining == 0;
        }
        catch (WireFormatException)
        {
            command = new CommandApdu(0, 0, 0, 0);
            return false;
        }
    }

    private void Forget()
    {
        _selected = null;
        _pin.Forget();
        _chain.Drop();
        _pending.Drop();
        foreach (var applet in _applets) applet.Forget();
    }
}
