using Tessera.Cards;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Os;
using Tessera.VirtualCard.Sim.Authentication;
using Tessera.VirtualCard.Sim.Files;
using Tessera.VirtualCard.Sim.Toolkit;
using Tessera.Wire;

namespace Tessera.VirtualCard.Sim.Usim;

/// <summary>
/// What a SIM is to a phone of the third generation: the MF, the USIM and the toolkit in the classes 00 and 80
/// (ETSI TS 102 221 §11, 3GPP TS 31.102). PINs, octets of files and toolkit are those of class A0.
/// </summary>
internal sealed class UiccFiles : ICardFiles
{
    /// <summary>RID of 3GPP, USIM, and no country, operator or provider of its own (ETSI TS 101 220 annex E).</summary>
    public static readonly Bytes UsimName = Bytes.FromHex("A0000000871002FFFFFFFF8900000000");

    private const ushort CardIdTag = 0x00C1;

    private readonly CardId _id;
    private readonly PerChannel<UiccSelection> _selections;
    private readonly SimSecurity _security;
    private readonly ToolkitApplet _toolkit;
    private readonly UiccSelect _select;
    private readonly UiccFileCommands _files;
    private readonly UiccSearch _search;
    private readonly UiccPins _pins;
    private readonly UsimAuthentication _authentication;

    public UiccFiles(
        CardMemory memory, CardId id, CurrentChannel current, SimSecurity security, SimAuthentication authentication,
        ToolkitApplet toolkit)
    {
        (_id, _security, _toolkit) = (id, security, toolkit);
        _selections = new PerChannel<UiccSelection>(current);
        var contents = new SimContents(memory);
        _select = new UiccSelect(contents, new UiccTemplates(contents, security));
        _files = new UiccFileCommands(contents, security);
        _search = new UiccSearch(contents, _files);
        _pins = new UiccPins(security);
        _authentication = new UsimAuthentication(authentication);
    }

    public Bytes Aid => Bytes.Empty;

    public bool IsShareable => true;

    /// <summary>Its PINs are not that of the card.</summary>
    public bool UsesCardServices => false;

    /// <summary>A SIM has no command that ends it for good.</summary>
    public bool IsCardTerminated => false;

    public IEnumerable<Bytes> Names => [UsimName];

    private UiccSelection Here => _selections.Value;

    public bool IsIn(Bytes name) => name == UsimName && Here.Application is not null;

    public Bytes Select() => Bytes.Empty;

    public ResponseApdu Select(CommandApdu command) => Told(_select.Process(command, Here));

    public ResponseApdu Select(Bytes name, byte p2) => Told(_select.Enter(UsimFiles.Usim, Here, p2));

    public bool TryBegin(int origin)
    {
        Here.Enter(_selections.All[origin].Directory);
        return true;
    }

    public ResponseApdu Process(CommandApdu command) => Told(command switch
    {
        { Cla: 0x00, Ins: 0xB0 } => _files.ReadBinary(command, Here),
        { Cla: 0x00, Ins: 0xD6 } => new ResponseApdu(_files.UpdateBinary(command, Here)),
        { Cla: 0x00, Ins: 0xB2 } => _files.ReadRecord(command, Here),
        { Cla: 0x00, Ins: 0xDC } => new ResponseApdu(_files.UpdateRecord(command, Here)),
        { Cla: 0x00, Ins: 0xA2 } => _search.Process(command, Here),
        { Cla: 0x00, Ins: 0x04 or 0x44 } => new ResponseApdu(_files.Activate(command, Here, command.Ins == 0x44)),
        { Cla: 0x00, Ins: 0x20 or 0x24 or 0x26 or 0x28 or 0x2C } => new ResponseApdu(_pins.Process(command)),
        { Cla: 0x00, Ins: 0x88 } => Authenticate(command),
        { Cla: 0x00, Ins: 0xCA, P1: CardIdTag >> 8, P2: CardIdTag & 0xFF } =>
            new ResponseApdu(Bytes.Of(_id), StatusWord.Success),
        { Cla: 0x80, Ins: 0x32 } => _files.Increase(command, Here),
        { Cla: 0x80, Ins: 0xF2 } => Status(command),
        { Cla: 0x80, Ins: 0xAA } => new ResponseApdu(TakeCapability(command)),
        { Cla: 0x80, Ins: 0x10 or 0x12 or 0x14 or 0xC2 } => command is { P1: 0, P2: 0 }
            ? AskToolkit(command)
            : new ResponseApdu(StatusWord.IncorrectP1P2),
        { Cla: not (0x00 or 0x80) } or
        { Ins: 0xB0 or 0xD6 or 0xB2 or 0xDC or 0xA2 or 0x04 or 0x44 or 0x20 or 0x24 or 0x26 or 0x28 or 0x2C or 0x88 } or
        { Ins: 0x32 or 0xF2 or 0xAA or 0x10 or 0x12 or 0x14 or 0xC2 } => new ResponseApdu(StatusWord.ClassNotSupported),
        _ => new ResponseApdu(StatusWord.InstructionNotSupported),
    });

    /// <summary>An applet is selected, or the channel is closed: the MF is current when the files are again.</summary>
    public void Deselect() => _selections.Value = new UiccSelection();

    /// <summary>Power is gone; PINs and toolkit are forgotten by class A0.</summary>
    public void Forget() => _selections.Clear();

    /// <summary>In the session of the USIM, with its PIN.</summary>
    private ResponseApdu Authenticate(CommandApdu command) =>
        !UsimAuthentication.Knows(command) ? new ResponseApdu(StatusWord.IncorrectP1P2)
        : Here.Application is null ? new ResponseApdu(StatusWord.ConditionsNotSatisfied)
        : !_security.Grants(SimAccess.Chv1) ? new ResponseApdu(StatusWord.SecurityStatusNotSatisfied)
        : _authentication.Process(command);

    /// <summary>The phone asks for it in regular intervals so that the card can say 91xx.</summary>
    private ResponseApdu Status(CommandApdu command)
    {
        var answer = _select.Status(command, Here);
        if (answer.Status.IsSuccess) _toolkit.Poll();
        return answer;
    }

    /// <summary>
    /// TERMINAL CAPABILITY: A9 with what the phone can. Power, more channels and other interfaces change nothing of this card,
    /// so it takes note of none.
    /// </summary>
    private static StatusWord TakeCapability(CommandApdu command)
    {
        const byte Template = 0xA9;
        if (command is not { P1: 0, P2: 0 }) return StatusWord.IncorrectP1P2;
        if (command.Data.Length == 0) return StatusWord.WrongLength;
        try
        {
            var reader = new ByteReader(command.Data.Span);
            var capability = Tlv.Read(ref reader);
            reader.ReadEnd("terminal capability");
            var inside = new ByteReader(capability.Value.Span);
            while (inside.Remaining > 0) Tlv.Read(ref inside);
            return capability.Tag == Template ? StatusWord.Success : StatusWord.WrongData;
        }
        catch (WireFormatException)
        {
            return StatusWord.WrongData;
        }
    }

    /// <summary>TERMINAL PROFILE, FETCH, TERMINAL RESPONSE, ENVELOPE.</summary>
    private ResponseApdu AskToolkit(CommandApdu command)
    {
        if (command.Ins != 0x12)
            return new ResponseApdu(command.Ins switch
            {
                0x10 => _toolkit.Begin(command.Data, isUicc: true),
                0x14 => _toolkit.Respond(command.Data),
                _ => _toolkit.Take(command.Data),
            });
        var answer = command.Data.Length == 0 ? _toolkit.Fetch(command.Le) : new ResponseApdu(StatusWord.WrongLength);
        return answer.Status.Sw1 == SimStatus.WrongLength(0).Sw1 && answer.Status.Sw2 != 0
            ? new ResponseApdu(UiccStatus.WrongLe(answer.Status.Sw2))
            : answer;
    }

    private ResponseApdu Told(ResponseApdu answer) =>
        answer.Status.IsSuccess && _toolkit.WaitingOf(isUicc: true) is { } octets
            ? answer with { Status = SimStatus.Proactive(octets) }
            : answer;
}
