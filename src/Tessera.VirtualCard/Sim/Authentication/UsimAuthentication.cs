using Tessera.Cards;
using Tessera.VirtualCard.Sim.Usim;
using Tessera.Wire;

namespace Tessera.VirtualCard.Sim.Authentication;

/// <summary>AUTHENTICATE of the USIM (3GPP TS 31.102 §7.1).</summary>
/// <remarks>
/// <code>
/// P2 80   10 RAND              -> 04 SRES 08 Kc
/// P2 81   10 RAND 10 AUTN      -> DB 08 RES 10 CK 10 IK 08 Kc, or DC 0E AUTS
/// </code>
/// </remarks>
internal sealed class UsimAuthentication(SimAuthentication authentication)
{
    private const byte GsmContext = 0x80;
    private const byte UmtsContext = 0x81;
    private const byte Success = 0xDB;
    private const byte OutOfStep = 0xDC;

    /// <summary>False where P1 and P2 name no context of this card.</summary>
    public static bool Knows(CommandApdu command) => command is { P1: 0, P2: GsmContext or UmtsContext };

    public ResponseApdu Process(CommandApdu command) =>
        command.P2 == GsmContext ? AnswerGsm(command.Data) : Answer(command.Data);

    private ResponseApdu AnswerGsm(Bytes data)
    {
        if (data.Length != 1 + Milenage.ChallengeLength) return new ResponseApdu(StatusWord.WrongLength);
        if (data.Span[0] != Milenage.ChallengeLength) return new ResponseApdu(StatusWord.WrongData);
        var answer = authentication.RunGsm(new Bytes(data.Memory[1..])).Span;
        return new ResponseApdu(new Bytes((byte[])[4, .. answer[..4], 8, .. answer[4..]]), StatusWord.Success);
    }

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
            _ => new ResponseApdu(UiccStatus.WrongMac),
        };
    }

    private static byte[] Counted(Bytes octets) => [(byte)octets.Length, .. octets.Span];
}
