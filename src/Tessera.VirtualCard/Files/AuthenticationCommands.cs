using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Wire;

namespace Tessera.VirtualCard.Files;

/// <summary>
/// GET CHALLENGE, INTERNAL, EXTERNAL and MUTUAL AUTHENTICATE with keys of AES (ISO/IEC 7816-4:2005 §7.5).
/// </summary>
/// <remarks>
/// <code>
/// 84 00 00       Le octets, 16 for 00; they serve the next authentication only
/// 88 00 key      data challenge of the host, 8 to 64            answer CMAC(key, 01 | card id 8 | challenge)
/// 82 00 key      data CMAC(key, 02 | card id 8 | challenge of the card)
/// 82 00 key Le   data challenge of the host 16 | CMAC(key, 03 | card id 8 | of the card | of the host)
///                answer CMAC(key, 04 | card id 8 | of the host | of the card)
/// key            as the number of a password in VERIFY
/// </code>
/// The first octet keeps an answer of one kind from being one of another. INTERNAL AUTHENTICATE takes what the file of
/// the key asks for READ.
/// </remarks>
internal sealed class AuthenticationCommands(FileContext context, CardId card, RandomNumberGenerator random)
{
    private const int DefaultChallenge = 16;
    private const int LeastChallenge = 8;
    private const int MostChallenge = 64;
    private const int HostChallenge = 16;
    private const byte Internal = 0x01;
    private const byte External = 0x02;
    private const byte MutualOfHost = 0x03;
    private const byte MutualOfCard = 0x04;

    public ResponseApdu Process(CommandApdu command)
    {
        if (command.P1 != 0) return new ResponseApdu(StatusWord.IncorrectP1P2);
        if (command.Ins == 0x84) return Challenge(command);

        var challenge = context.Selection.Challenge;
        context.Selection.Challenge = [];
        if (ReferenceCommands.Find(context, ReferenceKind.Key, command.P2, out var refused) is not { } file)
            return new ResponseApdu(refused);

        var reference = new ReferenceFile(context.Volume, file);
        using var key = reference.OpenKey();
        if (key is null) return new ResponseApdu(FileStatus.NotUsable);
        return command.Ins == 0x88
            ? Prove(command, file, key)
            : Authenticate(command, reference, key, challenge);
    }

    private ResponseApdu Challenge(CommandApdu command)
    {
        if (command.P2 != 0) return new ResponseApdu(StatusWord.IncorrectP1P2);
        if (command.Data.Length > 0) return new ResponseApdu(StatusWord.WrongLength);
        var octets = new byte[command.Le is { } le and < CommandApdu.MaxShortLe ? le : DefaultChallenge];
        random.GetBytes(octets);
        context.Selection.Challenge = octets;
        return new ResponseApdu(Bytes.CopyOf(octets), StatusWord.Success);
    }

    private ResponseApdu Prove(CommandApdu command, CardFile file, SecretKey key)
    {
        if (command.Data.Length is < LeastChallenge or > MostChallenge) return new ResponseApdu(StatusWord.WrongLength);
        return context.Security.Refuse(file, AccessMode.Read, command.Ins) is { } refused
            ? new ResponseApdu(refused)
            : new ResponseApdu(new Bytes(Mac(key, Internal, command.Data.Span)), StatusWord.Success);
    }

    private ResponseApdu Authenticate(CommandApdu command, ReferenceFile reference, SecretKey key, byte[] challenge)
    {
        var isMutual = command.Data.Length == HostChallenge + AesCmac.Length;
        if (!isMutual && command.Data.Length != AesCmac.Length) return new ResponseApdu(StatusWord.WrongLength);
        if (challenge.Length < LeastChallenge) return new ResponseApdu(StatusWord.ConditionsNotSatisfied);

        var data = command.Data;
        var ofHost = isMutual ? data.Span[..HostChallenge].ToArray() : [];
        context.Selection.Granted.Remove(reference.File);
        var status = ReferenceCommands.Compare(context.Memory, reference, () => CryptographicOperations.FixedTimeEquals(
            Mac(key, isMutual ? MutualOfHost : External, [.. challenge, .. ofHost]), data.Span[^AesCmac.Length..]));
        if (!status.IsSuccess) return new ResponseApdu(status);

        context.Selection.Granted.Add(reference.File);
        return isMutual
            ? new ResponseApdu(new Bytes(Mac(key, MutualOfCard, [.. ofHost, .. challenge])), status)
            : new ResponseApdu(status);
    }

    private byte[] Mac(SecretKey key, byte direction, ReadOnlySpan<byte> challenges)
    {
        var mac = new byte[AesCmac.Length];
        AesCmac.Compute(key, [direction, .. Bytes.Of(card).Span, .. challenges], mac);
        return mac;
    }
}
