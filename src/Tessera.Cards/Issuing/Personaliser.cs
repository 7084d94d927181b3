using System.Security.Authentication;
using System.Security.Cryptography;
using Tessera.Cards.SecureChannels;
using Tessera.Wire;

namespace Tessera.Cards.Issuing;

/// <summary>
/// Makes a card out of a blank one, over any channel to it, under SCP03. Cut anywhere it can be done again, and ends in the
/// same card (docs/protocols/issuing.md §3).
/// </summary>
public sealed class Personaliser
{
    private const ushort KeyInformation = 0xE0;
    private const ushort KeyTag = 0xC0;

    private readonly CardChannel _card;
    private readonly ChannelMasters _masters;

    private Personaliser(CardChannel card, ChannelMasters masters, BlankState blank) =>
        (_card, _masters, Blank) = (card, masters, blank);

    /// <summary>What the card says of itself, under keys that only its maker or its issuer has.</summary>
    public BlankState Blank { get; private set; }

    /// <summary>What names the chip of a card, as it says itself: nobody has proven it.</summary>
    /// <returns>10 octets.</returns>
    /// <exception cref="CardStatusException">The card has no issuer domain.</exception>
    public static async Task<Bytes> ReadChipAsync(CardChannel card, CancellationToken cancel)
    {
        await SelectAsync(card, cancel);
        var initialize = GlobalPlatformCommands.InitializeUpdate(
            0, new Bytes(RandomNumberGenerator.GetBytes(Scp03Session.ChallengeLength)));
        return (await card.TransmitAsync(initialize, cancel)).EnsureSuccess(initialize)
            .Data.Read<InitializeUpdateAnswer>().Diversification;
    }

    /// <summary>Finds out what the card is.</summary>
    /// <param name="card">The card stays the caller's.</param>
    /// <param name="masters">Stay the caller's.</param>
    /// <exception cref="CardStatusException">The card has no issuer domain, or refuses.</exception>
    /// <exception cref="AuthenticationException">It has neither the keys of its batch nor those of this issuer.</exception>
    public static async Task<Personaliser> OpenAsync(
        CardChannel card, ChannelMasters masters, CancellationToken cancel)
    {
        var (channel, isIssuers) = await ConnectAsync(card, masters, cancel);
        using (channel) return new Personaliser(card, masters, await ReadAsync(channel, isIssuers, cancel));
    }

    /// <summary>
    /// Gives a blank card the issuer's keys, then all else, and secures it; a card that is secured is left as it is.
    /// </summary>
    /// <param name="issue">Stays the caller's.</param>
    /// <exception cref="CardStatusException">The card refused something.</exception>
    /// <exception cref="IssuingException">The card is terminated, or secured by another issuer.</exception>
    public async Task RunAsync(CardIssue issue, CancellationToken cancel)
    {
        if (Blank.State == CardLifeCycle.Terminated) throw new IssuingException("The card is terminated.");
        if (Blank.State == CardLifeCycle.Secured)
        {
            if (Blank.IsIssuers) return;
            throw new IssuingException("The card is in use, under the keys of its maker.");
        }

        if (!Blank.IsIssuers) await PutKeysAsync(_masters.IssuerVersion, cancel);
        var (channel, _) = await ConnectAsync(_card, _masters, cancel);
        using (channel)
        {
            using var keys = _masters.Issuers(channel.Card);
            var begin = PersonalisationScript.Begin;
            (await channel.TransmitAsync(begin, cancel)).EnsureSuccess(begin);
            Blank = await ReadAsync(channel, isIssuers: true, cancel);
            foreach (var command in PersonalisationScript.Of(issue, Blank.Applets, keys.DataEncryption))
            {
                (await channel.TransmitAsync(command, cancel)).EnsureSuccess(command);
            }

            Blank = await ReadAsync(channel, isIssuers: true, cancel);
        }
    }

    /// <summary>The card is nothing any more, for ever.</summary>
    /// <exception cref="CardStatusException">The card refused it.</exception>
    public async Task TerminateAsync(CancellationToken cancel)
    {
        if (Blank.State == CardLifeCycle.Terminated) return;
        var (channel, _) = await ConnectAsync(_card, _masters, cancel);
        using (channel)
        {
            var command = GlobalPlatformCommands.SetStatus(CardLifeCycle.Terminated);
            (await channel.TransmitAsync(command, cancel)).EnsureSuccess(command);
        }
    }

    /// <summary>All three keys in one atomic step, in the place of the maker's.</summary>
    private async Task PutKeysAsync(byte version, CancellationToken cancel)
    {
        var (channel, _) = await ConnectAsync(_card, _masters, cancel);
        using (channel)
        {
            using var old = _masters.Makers(channel.Card);
            using var keys = _masters.Issuers(channel.Card);
            var put = GlobalPlatformCommands.PutKeys(channel.Card.KeyVersion, version, keys, old.DataEncryption);
            var answer = (await channel.TransmitAsync(put, cancel)).EnsureSuccess(put);
            if (answer.Data != GlobalPlatformCommands.PutKeysAnswer(version, keys))
                throw new AuthenticationException("The card says that it has other keys than those that were sent.");
        }
    }

    /// <summary>A channel under the issuer's keys where the card has them, else under the maker's.</summary>
    private static async Task<(SecureChannel Channel, bool IsIssuers)> ConnectAsync(
        CardChannel card, ChannelMasters masters, CancellationToken cancel)
    {
        var versions = await SelectAsync(card, cancel);
        if (versions.Contains(masters.IssuerVersion))
        {
            try
            {
                return (await OpenAsync(masters.Issuers, masters.IssuerVersion), true);
            }
            catch (AuthenticationException) when (masters.IssuerVersion == versions[0])
            {
                // The maker's keys may have the same version; the card has counted nothing against us.
                await SelectAsync(card, cancel);
            }
        }

        return (await OpenAsync(masters.Makers, 0), false);

        Task<SecureChannel> OpenAsync(Func<InitializeUpdateAnswer, Scp03Keys> keys, byte version) =>
            SecureChannel.OpenAsync(card, keys, new SecureChannelOptions { KeyVersion = version }, cancel);
    }

    /// <returns>The key versions that the domain has, the first of them first.</returns>
    private static async Task<IReadOnlyList<byte>> SelectAsync(CardChannel card, CancellationToken cancel)
    {
        var select = GlobalPlatformCommands.Select(GlobalPlatformCommands.IssuerDomain);
        (await card.TransmitAsync(select, cancel)).EnsureSuccess(select);
        var get = GlobalPlatformCommands.GetData(KeyInformation);
        var answer = (await card.TransmitAsync(get, cancel)).EnsureSuccess(get);
        List<byte> versions = [];
        var outer = new ByteReader(answer.Data.Span);
        var reader = new ByteReader(Tlv.ReadExpected(ref outer, KeyInformation, "key information"));
        while (reader.Remaining > 0)
        {
            var key = Tlv.ReadExpected(ref reader, KeyTag, "key");
            if (key.Length < 2) throw new WireFormatException("key", reader.Offset, "has no version");
            versions.Add(key[1]);
        }

        return versions;
    }

    private static async Task<BlankState> ReadAsync(SecureChannel channel, bool isIssuers, CancellationToken cancel)
    {
        var domain = await ListAsync(channel, RegistryKind.IssuerDomain, cancel);
        var applets = await ListAsync(channel, RegistryKind.Applications, cancel);
        return domain is [var own, ..]
            ? new BlankState(
                channel.Card.Diversification, channel.Card.KeyVersion, (CardLifeCycle)own.State, isIssuers,
                [.. applets.Select(applet => applet.Aid)])
            : throw new WireFormatException("registry", 0, "has no issuer domain");
    }

    private static async Task<IReadOnlyList<RegistryEntry>> ListAsync(
        SecureChannel channel, RegistryKind kind, CancellationToken cancel)
    {
        var command = GlobalPlatformCommands.GetStatus(kind, Bytes.Empty);
        var answer = await channel.TransmitAsync(command, cancel);
        return answer.Status == StatusWord.ReferencedDataNotFound
            ? []
            : RegistryEntry.ReadList(answer.EnsureSuccess(command).Data);
    }
}

/// <summary>What a card is to its issuer.</summary>
/// <param name="Chip">Key diversification data of its domain, 10 octets: they name the chip.</param>
/// <param name="KeyVersion">Of the keys it was asked with.</param>
/// <param name="IsIssuers">These are the issuer's keys, no longer the maker's.</param>
/// <param name="Applets">Identifiers of the applets it has.</param>
public sealed record BlankState(
    Bytes Chip, byte KeyVersion, CardLifeCycle State, bool IsIssuers, IReadOnlyList<Bytes> Applets);

/// <summary>The master keys that the keys of secure channels come from, by KDF3; zeroed when disposed.</summary>
/// <param name="maker">Of the batch that the card is from; owned from here on.</param>
/// <param name="issuer">Owned from here on.</param>
/// <param name="issuerVersion">01 to 7F.</param>
public sealed class ChannelMasters(SecretKey maker, SecretKey issuer, byte issuerVersion) : IDisposable
{
    public byte IssuerVersion => issuerVersion;

    public void Dispose()
    {
        maker.Dispose();
        issuer.Dispose();
    }

    internal Scp03Keys Makers(InitializeUpdateAnswer card) => Scp03Keys.OfKdf3(maker, card.Diversification.Span);

    internal Scp03Keys Issuers(InitializeUpdateAnswer card) => Scp03Keys.OfKdf3(issuer, card.Diversification.Span);
}
