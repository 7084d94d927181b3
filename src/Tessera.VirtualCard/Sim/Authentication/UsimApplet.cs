using Tessera.Cards;
using Tessera.VirtualCard.Os;
using Tessera.VirtualCard.Sim.Files;
using Tessera.Wire;

namespace Tessera.VirtualCard.Sim.Authentication;

/// <summary>
/// The USIM as far as it authenticates: VERIFY of its PIN, which is CHV1, and AUTHENTICATE (3GPP TS 31.102 §7.1). Its
/// files are those of class A0 only.
/// </summary>
internal sealed class UsimApplet(SimAuthentication authentication, Chv chv) : IApplet
{
    private const byte Verify = 0x20;
    private const byte Authenticate = 0x88;
    private const byte ApplicationPin = 0x01;
    private const byte GsmContext = 0x80;
    private const byte UmtsContext = 0x81;
    private const byte Success = 0xDB;
    private const byte OutOfStep = 0xDC;

    private static readonly StatusWord WrongMac = new(0x9862);
    private static readonly StatusWord ReferenceDataNotUsable = new(0x6984);

    /// <summary>RID of 3GPP, USIM, and no country, operator or provider of its own (ETSI TS 101 220 annex E).</summary>
    public Bytes Aid { get; } = Bytes.FromHex("A0000000871002FFFFFFFF8900000000");

    /// <summary>What it keeps is the card's: the PIN status of class A0, and the sequence numbers.</summary>
    public bool IsShareable => true;

    public bool UsesCardServices => false;

    public Bytes Select() => Bytes.Of(output => Tlv.Write(
        new ByteWriter(output), 0x62,
        Bytes.Of(inner =>
        {
            var writer = new ByteWriter(inner);
            Tlv.Write(writer, 0x82, [0x78, 0x21]);
            Tlv.Write(writer, 0x84, Aid.Span);
            Tlv.Write(writer, 0x8A, [0x05]);
        }).Span));

    public ResponseApdu Process(CommandApdu command) => command switch
    {
        { Cla: not 0x00 } => new ResponseApdu(StatusWord.ClassNotSupported),
        { Ins: Verify } => new ResponseApdu(VerifyPin(command)),
        { Ins: Authenticate, P1: not 0 } or { Ins: Authenticate, P2: not (GsmContext or UmtsContext) } =>
            new ResponseApdu(StatusWord.IncorrectP1P2),
        { Ins: Authenticate } when !chv.Grants(SimAccess.Chv1) =>
            new ResponseApdu(StatusWord.SecurityStatusNotSatisfied),
        { Ins: Authenticate, P2: GsmContext } => AnswerGsm(command.Data),
        { Ins: Authenticate } => Answer(command.Data),
        _ => new ResponseApdu(StatusWord.InstructionNotSupported),
    };

    public void Forget()
    {
        // CHV1 is forgotten by class A0.
    }

    private StatusWord VerifyPin(CommandApdu command)
    {
        if (command.P1 != 0) return StatusWord.IncorrectP1P2;
        if (command.P2 != ApplicationPin) return StatusWord.ReferencedDataNotFound;
        if (command.Data.Length == 0)
            return chv.Grants(SimAccess.Chv1) ? StatusWord.Success
                : chv.Tries == 0 ? StatusWord.AuthenticationBlocked : StatusWord.WithTriesLeft(chv.Tries);
        if (command.Data.Length != Chv.Length) return StatusWord.WrongLength;

        var status = chv.Process(command with { Cla = SimApplication.Class });
        return status == SimStatus.AccessDenied ? StatusWord.WithTriesLeft(chv.Tries)
            : status == SimStatus.ChvBlocked ? StatusWord.AuthenticationBlocked
            : status == SimStatus.ContradictsChv ? ReferenceDataNotUsable
            : status;
    }

    /// <summary>10 RAND; 04 SRES 08 Kc.</summary>
    private ResponseApdu AnswerGsm(Bytes data)
    {
        if (data.Length != 1 + Milenage.ChallengeLength) return new ResponseApdu(StatusWord.WrongLength);
        if (data.Span[0] != Milenage.ChallengeLength) return new ResponseApdu(StatusWord.WrongData);
        var answer = authentication.RunGsm(new Bytes(data.Memory[1..])).Span;
        return new ResponseApdu(new Bytes((byte[])[4, .. answer[..4], 8, .. answer[4..]]), StatusWord.Success);
    }

    /// <summary>10 RAND 10 AUTN; DB 08 RES 10 CK 10 IK 08 Kc, or DC 0E AUTS.</summary>
    private ResponseApdu Answer(Bytes data)
    {
        const int tokenAt = 1 + Milenage.ChallengeLength;
        if (data.Length != tokenAt + 1 + SimAuthentication.TokenLength) return new ResponseApdu(StatusWord.WrongLength);
        if (data.Span[0] != Milenage.ChallengeLength || data.Span[tokenAt] != SimAuthentication.TokenLength)
            return new ResponseApdu(StatusWord.WrongData);

        var found = authentication.Authenticate(
            new Bytes(data.Memory[1..tokenAt]), data.Span[(tokenAt + 1)..]);
        return found switch
        {
            { Answer: { } answer } => new ResponseApdu(
                new Bytes((byte[])
                [
                    Success, .. Counted(answer.Response), .. Counted(answer.CipherKey), .. Counted(answer.IntegrityKey),
                    .. Counted(answer.GsmKey),
                ]),
                StatusWord.Success),
            { Resynchronisation: { } token } =>
                new ResponseApdu(new Bytes((byte[])[OutOfStep, .. Counted(token)]), StatusWord.Success),
            _ => new ResponseApdu(WrongMac),
        };
    }

    private static byte[] Counted(Bytes octets) => [(byte)octets.Length, .. octets.Span];
}
