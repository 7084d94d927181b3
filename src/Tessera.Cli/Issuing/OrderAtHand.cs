using System.CommandLine;
using System.Globalization;
using System.Text;
using Tessera.Cards;
using Tessera.Cards.Issuing;
using Tessera.Cards.Piv;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.Cli.Keys;
using Tessera.Platform.Holders;
using Tessera.Platform.Money;
using Tessera.Storage.Issuing;
using Tessera.VirtualCard;
using Tessera.Wire;
using Amount = Tessera.Platform.Views.Amount;

namespace Tessera.Cli.Issuing;

/// <summary>The options that say what a blank card becomes, and where its PIN comes from and goes to.</summary>
internal static class OrderAtHand
{
    private const string All = "purse,store";
    private const int MaxPinDigits = 8;

    private static readonly Option<string?> CardOption = new("--id")
    {
        Description = "The card id, 16 hexadecimal digits; a new one where it is not named.", HelpName = "hex",
    };

    private static readonly Option<string> Applications = new("--applications")
    {
        Description = "What the card carries: purse, store, store:NN for a section of the store alone, piv, or identifiers "
            + "in hexadecimal; with commas.",
        HelpName = "names",
        DefaultValueFactory = _ => All,
    };

    private static readonly Option<string> Currency = new("--currency")
    {
        Description = "Of the purse: ISO 4217 digits.", HelpName = "digits", DefaultValueFactory = _ => "0978",
    };

    private static readonly Option<uint> Greatest = new("--greatest-balance")
    {
        Description = "Most that the purse may hold, minor units.",
        HelpName = "amount",
        DefaultValueFactory = _ => Personalisation.Euro.GreatestBalance,
    };

    private static readonly Option<string?> Threshold = new("--pin-threshold")
    {
        Description = "Greatest debit that its purse takes without PIN, like 10.00; as for all cards where it is not named.",
        HelpName = "amount",
    };

    private static readonly Option<string?> Allowance = new("--offline-allowance")
    {
        Description = "What its purse may spend without the server, like 20.00; as for all cards where it is not named.",
        HelpName = "amount",
    };

    private static readonly Option<string?> Msisdn = new("--msisdn")
    {
        Description = "The card is a SIM, reached at this number.", HelpName = "number",
    };

    private static readonly Option<string[]> Field = new("--field")
    {
        Description = "What a field of the store holds at first: 1=en, or 7=hex:0102; defined where its type (octets, text, "
            + "number, date) or a rule (holder, issuer, mandatory) stands behind its number: 9,number,holder=42.",
        HelpName = "id=content",
    };

    private static readonly Option<string?> Batch =
        KeyAtHand.Option("--batch", "The maker's master key of the blank card (KDF3); the published one where it is not named");

    private static readonly Option<string?> Pin = SecretAtHand.Option("--pin", "The PIN that the holder chose, 6 to 8 digits");

    private static readonly Option<string> Letter = new("--letter")
    {
        Description = "The file that PIN and PUK go to, sealed; only its owner may read it.", HelpName = "file", Required = true,
    };

    private static readonly Option<string?> LetterKey = SecretAtHand.Option("--letter-key", "The passphrase that seals it");

    public static Option<string?> NewHolder { get; } = new("--holder")
    {
        Description = "The name of somebody who has no card yet.", HelpName = "name",
    };

    public static Option<string?> KnownHolder { get; } = new("--holder-id")
    {
        Description = "One who has cards, by the id that 'tessera card list' prints.", HelpName = "hex",
    };

    public static IReadOnlyList<Option> Options { get; } =
    [
        CardOption, Applications, Currency, Greatest, Threshold, Allowance, Msisdn,
        .. SimAtHand.Options, Field, Batch, Pin, Letter, LetterKey,
        IssuerAtHand.Data, IssuerAtHand.Operator, Verb.Json, .. CardAtHand.OptionsWithImage,
    ];

    /// <exception cref="FormatException">An option is not of its form.</exception>
    public static IssueOrder Read(ParseResult parsed)
    {
        var msisdn = parsed.GetValue(Msisdn)?.TrimStart('+');
        if (msisdn is not null && (msisdn.Length is < 5 or > 15 || !msisdn.All(char.IsAsciiDigit)))
            throw new FormatException("--msisdn has 5 to 15 digits.");
        if (Verb.Hex(Currency.Name, parsed.GetRequiredValue(Currency)) is not { Length: 2 } currency)
            throw new FormatException("--currency has four digits.");
        return new IssueOrder(
            msisdn is null ? CardKind.Iso : CardKind.Sim,
            [.. parsed.GetRequiredValue(Applications).Split(',', StringSplitOptions.TrimEntries).Select(AidOf)])
        {
            Card = parsed.GetValue(CardOption) is { } card ? CardId.Parse(card) : null,
            Purse = new PurseTraits(
                (ushort)((currency.Span[0] << 8) | currency.Span[1]), parsed.GetValue(Greatest)),
            Wish = new CardWish(AmountOf(parsed, Allowance), AmountOf(parsed, Threshold)),
            Msisdn = msisdn,
            Sim = SimAtHand.Read(parsed),
        };
    }

    private static uint? AmountOf(ParseResult parsed, Option<string?> option) => parsed.GetValue(option) switch
    {
        null => null,
        var text when Amount.TryParse(text, out var amount) => amount.MinorUnits,
        _ => throw new FormatException($"{option.Name} is an amount like 20.00."),
    };

    public static IReadOnlyList<FirstField> Fields(ParseResult parsed) =>
        [.. (parsed.GetValue(Field) ?? []).Select(FieldOf)];

    /// <summary>Issues the card at hand, and prints its record.</summary>
    public static async Task IssueAsync(
        ParseResult parsed, IssuerAtHand issuer, IssueOrder order, CancellationToken cancel)
    {
        var path = parsed.GetRequiredValue(Letter);
        using var passphrase = new ZeroedChars(await SecretAtHand.ReadCharsAsync(
            LetterKey.Name, parsed.GetValue(LetterKey) ?? throw new FormatException("--letter-key seals the letter: name it."),
            cancel));
        using var pin = await PinAsync(parsed, cancel);
        using var maker = parsed.GetValue(Batch) is { } batch
            ? await KeyAtHand.ReadAsync(Batch.Name, batch, cancel)
            : DemonstrationKeys.CreateDomain();
        await using var card = await CardAtHand.OpenAsync(parsed, cancel);
        string? letter = null;
        using var network = await SimAtHand.KeysAsync(parsed, cancel);
        var secrets = new IssueSecrets
        {
            Subscriber = network is null ? null : (network.Key, network.OperatorKey),
            Pin = pin?.Digits,
            KeepAsync = async (issuance, digits) =>
            {
                await PinLetter.Seal(
                        issuance.Card.ToString(), TimeProvider.System.GetUtcNow(), digits, passphrase.Digits.Span)
                    .WriteAsync(path, cancel);
                letter = path;
            },
        };
        var desk = await issuer.DeskAsync(cancel);
        var issued = await desk.IssueAsync(
            new CardAtDesk(card.Channel, card.ResetAsync, maker), order, Fields(parsed), secrets, issuer.By, cancel);
        var holder = (await issuer.Holders.FindAsync(issued.Holder, cancel))!.Name;
        IssueRecord.Of(issued, holder, letter).Print(parsed);
    }

    private static async Task<ZeroedChars?> PinAsync(ParseResult parsed, CancellationToken cancel)
    {
        if (parsed.GetValue(Pin) is not { } source) return null;
        var pin = await SecretAtHand.ReadCharsAsync(Pin.Name, source, cancel);
        return pin.Length is >= Cards.Pins.PinBlock.MinPinDigits and <= MaxPinDigits && pin.All(char.IsAsciiDigit)
            ? new ZeroedChars(pin)
            : throw new FormatException("--pin has 6 to 8 digits.");
    }

    private sealed class ZeroedChars(char[] digits) : IDisposable
    {
        public ReadOnlyMemory<char> Digits => digits;

        public void Dispose() => digits.AsSpan().Clear();
    }

    private static Bytes AidOf(string name) => name switch
    {
        "purse" => PurseCommands.Aid,
        "store" => StoreCommands.Aid,
        "piv" => PivCommands.Aid,
        _ when name.StartsWith("store:", StringComparison.Ordinal) =>
            new Bytes((byte[])[.. StoreCommands.Aid.Span, SecureChannels.ScpAtHand.Octet(Applications.Name, name[6..])]),
        _ => Verb.Hex(Applications.Name, name) is { Length: >= 5 and <= 16 } aid
            ? aid
            : throw new FormatException($"{Applications.Name}: an application identifier has 5 to 16 octets."),
    };

    private static FirstField FieldOf(string text)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        var (head, content) = (text[..Math.Max(at, 0)].Split(',', StringSplitOptions.TrimEntries), text[(at + 1)..]);
        if (at < 1 || !byte.TryParse(head[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id) || id == 0)
            throw new FormatException("--field is like 1=en: a field from 1 to 255, and what it holds.");
        if (head.Length > 1)
        {
            var definition = DefinitionOf(head[1..]);
            return new FirstField(id, 1, FieldValue.Parse(definition.Type, content), definition);
        }

        var octets = content.StartsWith("hex:", StringComparison.Ordinal)
            ? Verb.Hex(Field.Name, content[4..])
            : new Bytes(Encoding.UTF8.GetBytes(content));
        return octets.Length <= StoreCommands.MaxContent
            ? new FirstField(id, 1, octets)
            : throw new FormatException($"--field: a field holds {StoreCommands.MaxContent} octets.");
    }

    private static FieldDefinition DefinitionOf(IEnumerable<string> words)
    {
        var definition = new FieldDefinition(FieldType.Octets, FieldReading.Anybody, IsMandatory: false);
        foreach (var word in words)
        {
            definition = word switch
            {
                "mandatory" => definition with { IsMandatory = true },
                "octets" or "text" or "number" or "date" => definition with { Type = Enum.Parse<FieldType>(word, true) },
                "anybody" or "holder" or "issuer" => definition with { Reading = Enum.Parse<FieldReading>(word, true) },
                _ => throw new FormatException($"--field: '{word}' is no type and no rule of a field."),
            };
        }

        return definition;
    }
}
