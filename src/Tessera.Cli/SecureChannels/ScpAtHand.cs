using System.CommandLine;
using Tessera.Cards.SecureChannels;

namespace Tessera.Cli.SecureChannels;

/// <summary>A secure channel to the card at hand, for the time of one verb.</summary>
internal sealed class ScpAtHand : IAsyncDisposable
{
    private static readonly Option<string> AidOption = new("--aid")
    {
        Description = "The security domain, or the application that has a secure channel.",
        HelpName = "hex",
        DefaultValueFactory = _ => GlobalPlatformCommands.IssuerDomain.ToString(),
    };

    private static readonly Option<string> KeyVersionOption = new("--key-version")
    {
        Description = "The key version, 00 for the one that the card takes first.",
        HelpName = "hex",
        DefaultValueFactory = _ => "00",
    };

    private static readonly Option<string?> LevelOption = new("--level")
    {
        Description = "00, 01, 03, 11, 13 or 33: what protects commands (low digit) and answers (high digit). Default: "
            + "the strongest that the card has.",
        HelpName = "hex",
    };

    private readonly CardAtHand _card;
    private readonly ChannelKeys _keys;

    private ScpAtHand(CardAtHand card, ChannelKeys keys, SecureChannel channel, ChannelReport report) =>
        (_card, _keys, Channel, Report) = (card, keys, channel, report);

    /// <summary>Every verb that opens a channel has them.</summary>
    public static IReadOnlyList<Option> Options { get; } =
    [
        .. CardAtHand.OptionsWithImage, AidOption, KeyVersionOption, LevelOption, .. ChannelKeysAtHand.Card.Options,
    ];

    public SecureChannel Channel { get; }

    public ChannelReport Report { get; }

    /// <summary>The channel that the <see cref="Options"/> name.</summary>
    /// <param name="keys">Owned from here on, also when this fails.</param>
    /// <exception cref="FormatException">They name none.</exception>
    /// <exception cref="Cards.CardStatusException">The card has no such application or key version.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The card has other keys.</exception>
    public static async Task<ScpAtHand> OpenAsync(
        ParseResult parsed, ChannelKeys keys, CancellationToken cancel)
    {
        CardAtHand? card = null;
        try
        {
            var aid = Verb.Hex(AidOption.Name, parsed.GetRequiredValue(AidOption));
            var options = new SecureChannelOptions
            {
                KeyVersion = Octet(KeyVersionOption.Name, parsed.GetRequiredValue(KeyVersionOption)),
                Level = parsed.GetValue(LevelOption) is { } level ? LevelOf(level) : null,
            };
            card = await CardAtHand.OpenAsync(parsed, cancel);
            var select = GlobalPlatformCommands.Select(aid);
            (await card.Channel.TransmitAsync(select, cancel)).EnsureSuccess(select);
            var channel = await SecureChannel.OpenAsync(card.Channel, keys.Of, options, cancel);
            return new ScpAtHand(card, keys, channel, ChannelReport.Of(card.Reader, aid, channel));
        }
        catch
        {
            if (card is not null) await card.DisposeAsync();
            keys.Dispose();
            throw;
        }
    }

    /// <exception cref="FormatException">Not two hexadecimal digits.</exception>
    public static byte Octet(string name, string text) =>
        Verb.Hex(name, text) is { Length: 1 } octets
            ? octets.Span[0]
            : throw new FormatException($"{name} has one octet, two hexadecimal digits.");

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        _keys.Dispose();
        await _card.DisposeAsync();
    }

    private static SecurityLevel LevelOf(string text)
    {
        var level = (SecurityLevel)Octet(LevelOption.Name, text);
        return SecurityLevels.All.Contains(level)
            ? level
            : throw new FormatException($"{LevelOption.Name} is 00, 01, 03, 11, 13 or 33, not {text}.");
    }
}
