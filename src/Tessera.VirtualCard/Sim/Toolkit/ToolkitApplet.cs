using Tessera.Cards;
using Tessera.Sms.Parts;
using Tessera.Toolkit;
using Tessera.Toolkit.Commands;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Os;
using Tessera.Wire;

namespace Tessera.VirtualCard.Sim.Toolkit;

/// <summary>
/// The toolkit applet: it sets up its menu, opens a session when the holder takes an item, and runs the scripts that
/// come in secured packets (docs/protocols/sms.md). This half speaks with the phone (3GPP TS 51.014).
/// </summary>
/// <remarks>
/// <code>
/// TERMINAL PROFILE    the menu is to be set up
/// 91xx, FETCH         one command at a time, until its TERMINAL RESPONSE
/// ENVELOPE D3         an item was chosen; 9300 while a command is out, as before TERMINAL PROFILE
/// ENVELOPE D4         a call is begun: 9000, it may; one to the service is announced by a message
/// ENVELOPE D1         a short message; 9300 likewise, else 9000, whatever it was
/// STATUS              what could not be sent is tried again
/// </code>
/// </remarks>
internal sealed partial class ToolkitApplet
{
    private const ushort DownloadTag = 0xD1;
    private const ushort MenuSelectionTag = 0xD3;
    private const ushort CallControlTag = 0xD4;
    private const int MenuAttempts = 3;

    private readonly CardMemory _memory;
    private readonly CardId _card;
    private readonly AppletChannel _channel;
    private readonly PacketDesk _desk;
    private readonly CardScriptJournal _journal;
    private readonly ListShelf _lists;

    private TerminalProfile? _phone;
    private bool _isUicc;
    private Issued? _issued;
    private int _menuAttempts;
    private bool _menuRests;

    /// <param name="channel">Its own way to purse and data store; to the telephony files it has none.</param>
    public ToolkitApplet(CardMemory memory, CardId card, AppletChannel channel)
    {
        (_memory, _card, _channel) = (memory, card, channel);
        (_desk, _journal, _lists) = (new PacketDesk(memory), new CardScriptJournal(memory), new ListShelf(memory));
        Menu = Bytes.CopyOf(memory.Read(CellId.Menu)).Read<AppletMenu>();
        Forget();
    }

    /// <summary>Octets of the command that waits for FETCH; null where none does.</summary>
    private int? Waiting => _issued is { IsFetched: false } issued ? issued.Octets.Length : null;

    private AppletMenu Menu { get; }

    /// <summary>
    /// Octets of the command that waits for FETCH; null where none does, or where the phone speaks in the other class.
    /// </summary>
    public int? WaitingOf(bool isUicc) => isUicc == _isUicc ? Waiting : null;

    /// <summary>TERMINAL PROFILE: a phone says what it can do.</summary>
    /// <param name="isUicc">In the class of the UICC, as all that follows.</param>
    public StatusWord Begin(Bytes profile, bool isUicc)
    {
        _isUicc = isUicc;
        _phone = new TerminalProfile(Bytes.CopyOf(profile.Span), TerminalCapabilities.None);
        (_menuAttempts, _menuRests) = (MenuAttempts, false);
        Advance();
        return SimStatus.Success;
    }

    /// <summary>FETCH, with the length that 91xx named.</summary>
    public ResponseApdu Fetch(int? le)
    {
        if (_issued is not { } issued) return new ResponseApdu(SimStatus.TechnicalProblem);
        if (le != issued.Octets.Length) return new ResponseApdu(SimStatus.WrongLength(issued.Octets.Length));
        issued.IsFetched = true;
        return new ResponseApdu(issued.Octets, SimStatus.Success);
    }

    /// <summary>TERMINAL RESPONSE; one that is none of the command that is out counts as a failure of it.</summary>
    public StatusWord Respond(Bytes response)
    {
        if (_issued is not { IsFetched: true } issued) return SimStatus.TechnicalProblem;
        _issued = null;
        issued.Then(ReadResponse(response, issued.Command));
        Advance();
        return SimStatus.Success;
    }

    /// <summary>STATUS: time goes by.</summary>
    public void Poll()
    {
        _menuRests = false;
        _outbox.Resume();
        Advance();
    }

    /// <summary>ENVELOPE.</summary>
    public StatusWord Take(Bytes envelope)
    {
        var isReadable = ReadEnvelope(envelope, out var tag, out var objects);
        if (tag == CallControlTag) return isReadable ? Allow(objects) : SimStatus.TechnicalProblem;
        if (_phone is null || _issued is not null) return SimStatus.ToolkitBusy;
        if (!isReadable) return tag == DownloadTag ? SimStatus.Success : SimStatus.TechnicalProblem;
        if (tag == DownloadTag) Download(objects);
        else if (!TryOpen(objects)) return SimStatus.TechnicalProblem;
        Advance();
        return SimStatus.Success;
    }

    /// <summary>Power is gone: whatever was under way has ended, but for what is in the memory.</summary>
    public void Forget()
    {
        (_phone, _issued, _menuAttempts, _menuRests) = (null, null, 0, false);
        ForgetSession();
        _parts = NewParts();
        _outbox = new Outbox(_desk, Menu.ServiceNumber);
    }

    private static Reassembler NewParts() => new(new ReassemblerLimits
    {
        Messages = 1, MessagesOfOne = 1, Octets = MaxPacket, Age = TimeSpan.MaxValue,
    });

    /// <summary>Gives the phone the next command, if none is with it.</summary>
    private void Advance()
    {
        if (_issued is not null || _phone is null) return;
        if (_menuAttempts > 0 && !_menuRests && _phone.Supports(CommandType.SetUpMenu))
            Issue(Menu.Command, response => (_menuAttempts, _menuRests) =
                response.Result.IsDone() ? (0, false) : (_menuAttempts - 1, true));
        else if (_phone.Supports(CommandType.SendShortMessage) && _outbox.Next() is { } send)
            Issue(send, response => _outbox.Told(response.Result.IsDone()));
    }

    private void Issue(ProactiveCommand command, Action<TerminalResponse> then) => _issued = new Issued(command, then);

    private static TerminalResponse ReadResponse(Bytes octets, ProactiveCommand command)
    {
        try
        {
            var response = octets.Read<TerminalResponse>();
            if (response.Number == command.Number && response.Type == command.Type) return response;
        }
        catch (WireFormatException)
        {
            // What the phone said of the command cannot be known: it was not performed.
        }

        return TerminalResponse.To(command, GeneralResult.DataNotUnderstood);
    }

    /// <summary>The objects of a short message, menu selection or call; false where the envelope is none of them.</summary>
    private static bool ReadEnvelope(Bytes envelope, out ushort tag, out Sequence<ComprehensionTlv> objects)
    {
        (tag, objects) = (envelope.Length > 0 ? envelope.Span[0] : (ushort)0, []);
        try
        {
            var reader = new ByteReader(envelope.Span);
            var inner = new ByteReader(Tlv.ReadValue(ref reader, out tag));
            reader.ReadEnd("envelope");
            List<ComprehensionTlv> found = [];
            while (inner.Remaining > 0) found.Add(ComprehensionTlv.Read(ref inner));
            objects = found.ToSequence();
            return tag is DownloadTag or MenuSelectionTag or CallControlTag;
        }
        catch (WireFormatException)
        {
            return false;
        }
    }

    /// <summary>The command that is with the phone, or waits for it.</summary>
    private sealed class Issued(ProactiveCommand command, Action<TerminalResponse> then)
    {
        public ProactiveCommand Command { get; } = command;

        public Bytes Octets { get; } = Bytes.Of(command);

        public Action<TerminalResponse> Then { get; } = then;

        public bool IsFetched { get; set; }
    }
}
