using System.Security.Authentication;
using System.Security.Cryptography;
using Tessera.Wire;

namespace Tessera.Cards.SecureChannels;

/// <summary>
/// A card behind an SCP03 session: commands and answers are plain here and wrapped on their way. Closing it forgets the
/// keys; the card stays the caller's.
/// </summary>
/// <remarks>
/// One command at a time. A command whose answer did not come ends the session, for nobody knows whether the card has
/// counted it.
/// </remarks>
public sealed class SecureChannel : ICardChannel, IDisposable
{
    private readonly CardChannel _card;
    private readonly Scp03Host _host;
    private bool _isOpen = true;

    private SecureChannel(CardChannel card, Scp03Host host) => (_card, _host) = (card, host);

    /// <summary>What the card said of itself.</summary>
    public InitializeUpdateAnswer Card => _host.Card;

    public SecurityLevel Level => _host.Level!.Value;

    /// <summary>Opens a session with what is selected on the card.</summary>
    /// <param name="keys">
    /// The keys of the version that the card names, which may be diversified by what it says; disposed here.
    /// </param>
    /// <exception cref="CardStatusException">The card has no such key version, or refused the host.</exception>
    /// <exception cref="AuthenticationException">The card has other keys.</exception>
    /// <exception cref="ArgumentException">The card has no such level.</exception>
    /// <exception cref="WireFormatException">The card speaks another protocol.</exception>
    public static async Task<SecureChannel> OpenAsync(
        CardChannel card, Func<InitializeUpdateAnswer, Scp03Keys> keys, SecureChannelOptions options,
        CancellationToken cancel)
    {
        var challenge = new Bytes(RandomNumberGenerator.GetBytes(Scp03Session.ChallengeLength));
        var initialize = GlobalPlatformCommands.InitializeUpdate(options.KeyVersion, challenge);
        var answer = (await card.TransmitAsync(initialize, cancel)).EnsureSuccess(initialize)
            .Data.Read<InitializeUpdateAnswer>();
        using var found = keys(answer);
        var host = Scp03Host.Open(found, challenge, answer);
        try
        {
            var level = options.Level ?? SecurityLevels.StrongestOf(answer.Options);
            var authenticate = host.Authenticate(level);
            (await card.TransmitAsync(authenticate, cancel)).EnsureSuccess(authenticate);
            return new SecureChannel(card, host);
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <exception cref="AuthenticationException">Somebody else answered: there is no session any more.</exception>
    /// <exception cref="ObjectDisposedException">The session ended before.</exception>
    /// <inheritdoc/>
    public async ValueTask<ResponseApdu> TransmitAsync(CommandApdu command, CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(!_isOpen, this);
        var wrapped = _host.Wrap(_card.Fitting(command));
        _isOpen = false;
        var answer = _host.Unwrap(await _card.TransmitAsync(wrapped, cancel));
        _isOpen = true;
        return answer;
    }

    public void Dispose()
    {
        _isOpen = false;
        _host.Dispose();
    }
}

/// <summary>How a secure channel is opened.</summary>
public sealed record SecureChannelOptions
{
    /// <summary>By default 00: the key version that the card takes first.</summary>
    public byte KeyVersion { get; init; }

    /// <summary>By default the strongest that the card has.</summary>
    public SecurityLevel? Level { get; init; }
}
