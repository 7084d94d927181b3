using Tessera.Cards;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Sim.Authentication;
using Tessera.VirtualCard.Sim.Files;
using Tessera.VirtualCard.Sim.Toolkit;
using Tessera.Wire;

namespace Tessera.VirtualCard.Sim;

/// <summary>
/// What a SIM answers to a phone of the second generation: class A0, the telephony files and the toolkit (3GPP TS 51.011,
/// TS 51.014). It knows nothing of the applets; to them leads the toolkit applet's own channel.
/// </summary>
internal sealed class SimApplication
{
    public const byte Class = 0xA0;

    private readonly SimSecurity _security;
    private readonly ChvCommands _chvs;
    private readonly SimFileSystem _files;
    private readonly ToolkitApplet _toolkit;
    private readonly SimAuthentication? _authentication;

    /// <summary>What GET RESPONSE gets; the next command drops it.</summary>
    private Bytes _response;

    /// <param name="authentication">Null on a SIM that has no network.</param>
    public SimApplication(
        CardMemory memory, ToolkitApplet toolkit, SimSecurity security, SimAuthentication? authentication)
    {
        (_security, _toolkit, _authentication) = (security, toolkit, authentication);
        _chvs = new ChvCommands(security);
        _files = new SimFileSystem(new SimContents(memory), security);
    }

    /// <summary>One command of class A0; its data are erased when this returned.</summary>
    public ResponseApdu Execute(CommandApdu command)
    {
        var response = _response;
        _response = Bytes.Empty;
        var answer = command.Ins == 0xC0 ? GetResponse(command, response) : Dispatch(command);
        return answer.Status.IsSuccess && _toolkit.WaitingOf(isUicc: false) is { } octets
            ? answer with { Status = SimStatus.Proactive(octets) }
            : answer;
    }

    /// <summary>Power is gone.</summary>
    public void Forget()
    {
        _security.Forget();
        _files.Forget();
        _toolkit.Forget();
        _response = Bytes.Empty;
    }

    /// <summary>§9.2, and TS 51.014 §11 for the last four.</summary>
    private ResponseApdu Dispatch(CommandApdu command) => command.Ins switch
    {
        0xA4 => Select(command),
        0xF2 => Status(command),
        0xB0 => _files.ReadBinary(command),
        0xD6 => new ResponseApdu(_files.UpdateBinary(command)),
        0xB2 => _files.ReadRecord(command),
        0xDC => new ResponseApdu(_files.UpdateRecord(command)),
        0xA2 => Later(_files.Seek(command)),
        0x32 => Later(_files.Increase(command)),
        0x04 or 0x44 => new ResponseApdu(_files.Invalidate(command, isInvalidated: command.Ins == 0x04)),
        0x20 or 0x24 or 0x26 or 0x28 or 0x2C => new ResponseApdu(_chvs.Process(command)),
        0x88 when _authentication is not null => Later(RunGsmAlgorithm(command, _authentication)),
        0xFA => new ResponseApdu(RefuseForm(command, 0) ?? SimStatus.Success),
        0x10 => new ResponseApdu(RefuseForm(command) ?? _toolkit.Begin(command.Data, isUicc: false)),
        0x12 => RefuseForm(command, 0) is { } wrong ? new ResponseApdu(wrong) : _toolkit.Fetch(command.Le),
        0x14 => new ResponseApdu(RefuseForm(command) ?? _toolkit.Respond(command.Data)),
        0xC2 => new ResponseApdu(RefuseForm(command) ?? _toolkit.Take(command.Data)),
        _ => new ResponseApdu(StatusWord.InstructionNotSupported),
    };

    private ResponseApdu Select(CommandApdu command)
    {
        if (RefuseForm(command, 2) is { } wrong) return new ResponseApdu(wrong);
        var id = (ushort)((command.Data.Span[0] << 8) | command.Data.Span[1]);
        return _files.Select(id) is { } description
            ? Later(new ResponseApdu(description, SimStatus.Success))
            : new ResponseApdu(SimStatus.NotFound);
    }

    /// <summary>In DF GSM, with CHV1 (§8.16).</summary>
    private ResponseApdu RunGsmAlgorithm(CommandApdu command, SimAuthentication authentication) =>
        RefuseForm(command, Milenage.ChallengeLength) is { } wrong ? new ResponseApdu(wrong)
        : !_files.IsInGsm || !_security.Grants(SimAccess.Chv1) ? new ResponseApdu(SimStatus.AccessDenied)
        : new ResponseApdu(authentication.RunGsm(command.Data), SimStatus.Success);

    /// <summary>The phone asks for it in regular intervals so that the card can say 91xx (TS 51.014 §6.2).</summary>
    private ResponseApdu Status(CommandApdu command)
    {
        if (RefuseForm(command, 0) is { } wrong) return new ResponseApdu(wrong);
        _toolkit.Poll();
        return Part(_files.Status(), command.Le);
    }

    private static ResponseApdu GetResponse(CommandApdu command, Bytes response) =>
        RefuseForm(command, 0) is { } wrong ? new ResponseApdu(wrong)
        : response.Length == 0 ? new ResponseApdu(SimStatus.TechnicalProblem)
        : Part(response, command.Le);

    /// <summary>The first octets of an answer, as many as are wanted.</summary>
    private static ResponseApdu Part(Bytes answer, int? le) => le is { } wanted && wanted <= answer.Length
        ? new ResponseApdu(new Bytes(answer.Memory[..wanted]), SimStatus.Success)
        : new ResponseApdu(SimStatus.WrongLength(answer.Length));

    /// <summary>An answer that GET RESPONSE fetches (9Fxx).</summary>
    private ResponseApdu Later(ResponseApdu answer)
    {
        if (!answer.Status.IsSuccess || answer.Data.Length == 0) return answer;
        _response = answer.Data;
        return new ResponseApdu(SimStatus.Response(answer.Data.Length));
    }

    /// <param name="length">Octets of data; null where any number is right.</param>
    private static StatusWord? RefuseForm(CommandApdu command, int? length = null) =>
        command is not { P1: 0, P2: 0 } ? SimStatus.WrongP1P2
        : length is { } right && command.Data.Length != right ? SimStatus.WrongLength(right)
        : null;
}
