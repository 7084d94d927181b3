using System.Security.Authentication;
using System.Security.Cryptography;
using Tessera.Wire;

namespace Tessera.Cards.SecureChannels;

/// <summary>
/// The host's end of one SCP03 session: commands go in plain and come out wrapped, answers the other way round. It
/// sends nothing itself. Zeroed when disposed.
/// </summary>
/// <remarks>One command, its answer, then the next: who leaves one out has lost the session.</remarks>
public sealed class Scp03Host : IDisposable
{
    /// <summary>CLA that says so: GlobalPlatform's own secure messaging.</summary>
    private const byte SecureMessaging = 0x04;

    private readonly Scp03Session _session;
    private SecurityLevel? _level;

    private Scp03Host(Scp03Session session, InitializeUpdateAnswer card) => (_session, Card) = (session, card);

    /// <summary>What the card said of itself.</summary>
    public InitializeUpdateAnswer Card { get; }

    /// <summary>Null until <see cref="Authenticate"/>.</summary>
    public SecurityLevel? Level => _level;

    /// <summary>Takes the card's answer to INITIALIZE UPDATE.</summary>
    /// <param name="keys">Of the key version that it names; they stay the caller's.</param>
    /// <param name="hostChallenge">What was sent.</param>
    /// <exception cref="AuthenticationException">The card has other keys.</exception>
    public static Scp03Host Open(Scp03Keys keys, Bytes hostChallenge, InitializeUpdateAnswer card)
    {
        var session = new Scp03Session(keys, hostChallenge, card.CardChallenge);
        if (CryptographicOperations.FixedTimeEquals(session.CardCryptogram.Span, card.CardCryptogram.Span))
            return new Scp03Host(session, card);

        session.Dispose();
        throw new AuthenticationException(
            $"The card has other keys of version {card.KeyVersion:X2}: its cryptogram is wrong.");
    }

    /// <summary>EXTERNAL AUTHENTICATE: when the card says 9000 to it, the session is open.</summary>
    /// <exception cref="ArgumentException">The card has no such level.</exception>
    /// <exception cref="InvalidOperationException">It was there before.</exception>
    public CommandApdu Authenticate(SecurityLevel level)
    {
        if (_level is not null) throw new InvalidOperationException("The session is authenticated.");
        if (!level.IsOffered(Card.Options))
            throw new ArgumentException(
                $"The card has no security level {(byte)level:X2}: its i is {(byte)Card.Options:X2}.", nameof(level));
        var wrapped = WithMac(GlobalPlatformCommands.ExternalAuthenticate(level, _session.HostCryptogram));
        _level = level;
        return wrapped;
    }

    /// <summary>The command as the card takes it at the level of this session.</summary>
    /// <exception cref="ArgumentException">It is wrapped, chained or too long, or its class has no wrapped form.</exception>
    /// <exception cref="InvalidOperationException">The session is not authenticated.</exception>
    public CommandApdu Wrap(CommandApdu command)
    {
        var level = Authenticated();
        if (!level.HasFlag(SecurityLevel.CommandMac)) return command;
        if ((command.Cla & 0x7C) != 0)
            throw new ArgumentException($"A command of class {command.Cla:X2} cannot be wrapped.", nameof(command));

        _session.Count();
        var data = level.HasFlag(SecurityLevel.CommandEncryption) && command.Data.Length > 0
            ? _session.EncryptCommand(command.Data)
            : command.Data;
        if (data.Length > CommandApdu.MaxExtendedData - Scp03Session.MacLength)
            throw new ArgumentException($"{command.Data.Length} octets are too many to be wrapped.", nameof(command));
        return WithMac(command with { Cla = (byte)(command.Cla | SecureMessaging), Data = data });
    }

    /// <summary>The answer to the last command as the card's application gave it.</summary>
    /// <exception cref="AuthenticationException">
    /// Somebody else said that, or changed it: there is no session any more.
    /// </exception>
    /// <exception cref="InvalidOperationException">The session is not authenticated.</exception>
    public ResponseApdu Unwrap(ResponseApdu response)
    {
        var level = Authenticated();
        if (!level.HasFlag(SecurityLevel.ResponseMac)) return response;
        if (!response.Status.IsSecured())
            return response.Data.Length == 0 ? response : throw Broken("an error with data");
        if (response.Data.Length < Scp03Session.MacLength) throw Broken("no code");

        var data = new Bytes(response.Data.Memory[..^Scp03Session.MacLength]);
        var mac = response.Data.Span[^Scp03Session.MacLength..];
        if (!CryptographicOperations.FixedTimeEquals(_session.ResponseMac(data, response.Status).Span, mac))
            throw Broken("a wrong code");
        if (!level.HasFlag(SecurityLevel.ResponseEncryption) || data.Length == 0) return response with { Data = data };
        return response with { Data = _session.DecryptResponse(data) ?? throw Broken("data that are not padded") };
    }

    public void Dispose() => _session.Dispose();

    private CommandApdu WithMac(CommandApdu command) =>
        command with { Data = new Bytes((byte[])[.. command.Data.Span, .. _session.CommandMac(command).Span]) };

    private SecurityLevel Authenticated() =>
        _level ?? throw new InvalidOperationException("The session is not authenticated.");

    private AuthenticationException Broken(string what)
    {
        Dispose();
        return new AuthenticationException($"The card's answer has {what}: the secure channel is closed.");
    }
}
