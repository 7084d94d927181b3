using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Cards.SecureChannels;
using Tessera.Wire;

namespace Tessera.VirtualCard.SecureChannels;

/// <summary>
/// The card's end of SCP03 for one application (GlobalPlatform Amendment D §5.6, §6.2, §7.1; docs/protocols/scp03.md §3):
/// at most one session, which ends with the first command that is not right.
/// </summary>
internal sealed class SecureChannelEnd(DomainFile file, Bytes aid, RandomNumberGenerator random) : IDisposable
{
    public const byte InitializeUpdateIns = 0x50;
    public const byte ExternalAuthenticateIns = 0x82;

    private const byte SecurityBits = 0x0C;
    private const byte SecureMessaging = 0x04;

    private static readonly StatusWord NotAuthenticated = new(0x6300);

    private Scp03Session? _session;
    private SecretKey? _dataEncryption;

    /// <summary>Of the session; null where there is none that is authenticated.</summary>
    public SecurityLevel? Level { get; private set; }

    /// <summary>K-DEK of the keys that the session was opened with.</summary>
    /// <exception cref="InvalidOperationException">There is no session.</exception>
    public SecretKey DataEncryption =>
        _dataEncryption ?? throw new InvalidOperationException("There is no secure channel.");

    /// <summary>The session is authenticated, and nobody between can have written its commands.</summary>
    public bool IsSecured => Level is { } level && level.HasFlag(SecurityLevel.CommandMac);

    public ResponseApdu InitializeUpdate(CommandApdu command)
    {
        End();
        if (command.Data.Length != Scp03Session.ChallengeLength) return new ResponseApdu(StatusWord.WrongLength);
        if (command.P2 != 0) return new ResponseApdu(StatusWord.IncorrectP1P2);
        using var keys = file.Open(command.P1);
        if (keys is null) return new ResponseApdu(StatusWord.ReferencedDataNotFound);
        if (Challenge(keys) is not (var challenge, var sequence))
            return new ResponseApdu(StatusWord.ConditionsNotSatisfied);

        _session = new Scp03Session(keys.Keys, Bytes.CopyOf(command.Data.Span), challenge);
        _dataEncryption = new SecretKey(keys.Keys.DataEncryption.Reveal());
        var answer = new InitializeUpdateAnswer(
            file.Diversification, keys.Version, file.Options, challenge, _session.CardCryptogram, sequence);
        return new ResponseApdu(Bytes.Of(answer), StatusWord.Success);
    }

    /// <summary>Wrong or right, the session that was begun is used up.</summary>
    public StatusWord ExternalAuthenticate(CommandApdu command)
    {
        if (_session is not { } session || Level is not null) return Refuse(StatusWord.ConditionsNotSatisfied);
        if (command.Data.Length != Scp03Session.CryptogramLength + Scp03Session.MacLength)
            return Refuse(StatusWord.WrongLength);
        var level = (SecurityLevel)command.P1;
        if (command.P2 != 0 || !level.IsOffered(file.Options)) return Refuse(StatusWord.IncorrectP1P2);
        if (!TryTakeMac(session, ref command)) return Refuse(StatusWord.SecurityStatusNotSatisfied);
        if (!CryptographicOperations.FixedTimeEquals(session.HostCryptogram.Span, command.Data.Span))
            return Refuse(NotAuthenticated);

        Level = level;
        return StatusWord.Success;
    }

    /// <summary>Takes off what secures a command, or says why it is refused.</summary>
    public StatusWord? Unwrap(ref CommandApdu command)
    {
        var isSecured = (command.Cla & SecurityBits) != 0;
        if (!IsSecured)
        {
            // One that only began ends with any other command; one without codes has none to be checked.
            if (Level is null) End();
            return isSecured ? Refuse(StatusWord.ConditionsNotSatisfied) : null;
        }

        if ((command.Cla & SecurityBits) != SecureMessaging) return Refuse(StatusWord.SecurityStatusNotSatisfied);
        var session = _session!;
        session.Count();
        if (!TryTakeMac(session, ref command)) return Refuse(StatusWord.SecurityStatusNotSatisfied);
        command = command with { Cla = (byte)(command.Cla & ~SecurityBits) };
        if (!Level!.Value.HasFlag(SecurityLevel.CommandEncryption) || command.Data.Length == 0) return null;
        if (session.DecryptCommand(command.Data) is not { } data) return Refuse(StatusWord.SecurityStatusNotSatisfied);
        command = command with { Data = data };
        return null;
    }

    /// <summary>Secures the answer to the command that was unwrapped last.</summary>
    public ResponseApdu Wrap(ResponseApdu answer)
    {
        if (Level is not { } level || !level.HasFlag(SecurityLevel.ResponseMac)) return answer;
        if (!answer.Status.IsSecured()) return new ResponseApdu(answer.Status);

        var session = _session!;
        var data = level.HasFlag(SecurityLevel.ResponseEncryption) && answer.Data.Length > 0
            ? session.EncryptResponse(answer.Data)
            : answer.Data;
        var mac = session.ResponseMac(data, answer.Status);
        return answer with { Data = new Bytes((byte[])[.. data.Span, .. mac.Span]) };
    }

    /// <summary>No session any more.</summary>
    public void End()
    {
        _session?.Dispose();
        _dataEncryption?.Dispose();
        (_session, _dataEncryption, Level) = (null, null, null);
    }

    public void Dispose() => End();

    private static bool TryTakeMac(Scp03Session session, ref CommandApdu command)
    {
        var length = command.Data.Length - Scp03Session.MacLength;
        if (length < 0) return false;
        var mac = command.Data.Span[length..];
        command = command with { Data = new Bytes(command.Data.Memory[..length]) };
        return CryptographicOperations.FixedTimeEquals(session.CommandMac(command).Span, mac);
    }

    /// <summary>Null where the card has no number left.</summary>
    private (Bytes Challenge, uint? Sequence)? Challenge(KeyVersion keys)
    {
        if (!file.Options.HasFlag(Scp03Options.PseudoRandomChallenge))
        {
            var octets = new byte[Scp03Session.ChallengeLength];
            random.GetBytes(octets);
            return (new Bytes(octets), null);
        }

        if (keys.Sequence == DomainFile.LastSequence) return null;
        var sequence = file.Advance(keys);
        return (Scp03Session.CardChallenge(keys.Keys.Encryption, sequence, aid), sequence);
    }

    private StatusWord Refuse(StatusWord status)
    {
        End();
        return status;
    }
}
