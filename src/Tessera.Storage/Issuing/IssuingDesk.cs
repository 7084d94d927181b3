using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Cards.Issuing;
using Tessera.Cards.Pins;
using Tessera.Cards.Purse;
using Tessera.Cards.SecureChannels;
using Tessera.Cards.Store;
using Tessera.Platform.Holders;
using Tessera.Storage.Keys;
using Tessera.Wire;

namespace Tessera.Storage.Issuing;

/// <summary>A blank card in a reader, or one that was begun.</summary>
/// <param name="Channel">Stays the caller's.</param>
/// <param name="ResetAsync">Warm reset.</param>
/// <param name="Maker">Master key of the batch that it is from; stays the caller's.</param>
public sealed record CardAtDesk(CardChannel Channel, Func<CancellationToken, Task> ResetAsync, SecretKey Maker);

/// <summary>What goes with an order and is no business of the register.</summary>
public sealed record IssueSecrets
{
    /// <summary>The PIN that the holder chose; null for a random one of six digits.</summary>
    public ReadOnlyMemory<char>? Pin { get; init; }

    /// <summary>K and OPc of a SIM that a network chose; null for those of the vault. They stay the caller's.</summary>
    public (SecretKey Key, SecretKey OperatorKey)? Subscriber { get; init; }

    /// <summary>
    /// Keeps PIN and PUK for the holder, those of a SIM too, durably on return: they are stored in the card then. It may be
    /// asked again for the same card, with others.
    /// </summary>
    public required Func<Issuance, LetterDigits, Task> KeepAsync { get; init; }
}

/// <summary>
/// Issues cards: order in the register, letter, card, registration, in that order; cut anywhere it is done again and ends in
/// the same card (docs/protocols/issuing.md §4).
/// </summary>
public sealed class IssuingDesk(
    Vault vault, IssuanceStore issuances, IHolderStore holders, CardRegister register, ActLog acts)
{
    private const int PinDigits = 6;
    private const int PukDigits = 8;
    private const int ChvDigits = 4;

    /// <returns>The issuance, finished.</returns>
    /// <exception cref="IssuingException">
    /// The card is in use and not of this register, is terminated, was begun as another, or cannot be what is ordered.
    /// </exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">It has other keys.</exception>
    /// <exception cref="CardStatusException">The card refused something.</exception>
    public async Task<Issuance> IssueAsync(
        CardAtDesk card, IssueOrder order, IReadOnlyList<FirstField> fields, IssueSecrets secrets, string by,
        CancellationToken cancel)
    {
        var chip = await Personaliser.ReadChipAsync(card.Channel, cancel);
        var keys = await KeysOfAsync(chip, cancel);
        using var masters = Masters(card.Maker, keys);
        var personaliser = await Personaliser.OpenAsync(card.Channel, masters, cancel);
        if (personaliser.Blank.State == CardLifeCycle.Terminated)
            throw new IssuingException("The card is terminated.");
        if (personaliser.Blank.State == CardLifeCycle.Secured && await issuances.FindByChipAsync(chip, cancel) is null)
            throw new IssuingException("The card is in use, and not of this register.");
        if (personaliser.Blank is { State: CardLifeCycle.Initialized, Applets: var applets }
            && order.Applications.Any(IsPiv) && !applets.Any(IsPiv))
            throw new IssuingException("The card has no PIV application.");

        var issuance = await issuances.BeginAsync(
            chip, order, keys.Version,
            id =>
            {
                using var given = Subscriber(keys, id, secrets);
                return CardKeyChecks.Of(keys, id, chip, order, given);
            },
            by, cancel);
        if (issuance.Finished is not null) return issuance;
        if (personaliser.Blank.State == CardLifeCycle.Initialized)
            await PersonaliseAsync(personaliser, issuance, keys, fields, secrets, by, cancel);

        await card.ResetAsync(cancel);
        await VerifyAsync(card.Channel, issuance, cancel);
        await RegisterAsync(issuance, cancel);
        await issuances.FinishAsync(issuance.Card, cancel);
        return (await issuances.FindAsync(issuance.Card, cancel))!;
    }

    /// <summary>The keys a card has, for who speaks to its domain: of the version that it was issued with.</summary>
    /// <exception cref="InvalidDataException">The vault has no such version.</exception>
    public async Task<IssuerKeys> KeysOfAsync(Bytes chip, CancellationToken cancel)
    {
        var version = (await issuances.FindByChipAsync(chip, cancel))?.KeyVersion ?? vault.Current.Version;
        return vault.Find(version)
            ?? throw new InvalidDataException($"The vault has no keys of version {version:X2}, which the card has.");
    }

    /// <summary>The caller disposes them.</summary>
    public static ChannelMasters Masters(SecretKey maker, IssuerKeys keys) =>
        new(new SecretKey(maker.Reveal()), new SecretKey(keys.Channel.Reveal()), keys.Version);

    private async Task PersonaliseAsync(
        Personaliser personaliser, Issuance issuance, IssuerKeys keys, IReadOnlyList<FirstField> fields,
        IssueSecrets secrets, string by, CancellationToken cancel)
    {
        using var digits = new LetterDigits(
            secrets.Pin?.ToArray() ?? Digits(PinDigits), Digits(PukDigits),
            issuance.Sim is null ? [] : [Digits(ChvDigits), Digits(PukDigits), Digits(ChvDigits), Digits(PukDigits)]);
        var subscriber = issuance.Sim is null ? null : Subscriber(keys, issuance.Card, secrets);
        if (subscriber is not null && !issuance.Checks.Contains(CardKeyChecks.OfK(subscriber)))
        {
            subscriber.Dispose();
            throw new IssuingException("This card was begun with another K: end it as it was begun.");
        }

        using var wanted = Wanted(issuance, keys, personaliser.Blank.Applets, fields, digits, subscriber);
        await acts.AddAsync(
            new Act(
                by, issuance.Order.Replaces is null ? "card.issue" : "card.replace", issuance.Card.ToString(),
                $"holder={issuance.Holder} keys={issuance.KeyVersion:X2}"),
            cancel);
        await secrets.KeepAsync(issuance, digits);
        await personaliser.RunAsync(wanted, cancel);
    }

    /// <summary>The caller disposes them.</summary>
    private static SubscriberKeys Subscriber(IssuerKeys keys, CardId card, IssueSecrets secrets)
    {
        var derived = SubscriberKeys.Of(keys.Cards, card);
        if (secrets.Subscriber is not var (key, operatorKey)) return derived;
        using (derived)
            return new SubscriberKeys(
                new SecretKey(key.Reveal()), new SecretKey(operatorKey.Reveal()), PinBlock.Copy(derived.Administrator));
    }

    private static bool IsPiv(Bytes aid) => aid == Cards.Piv.PivCommands.Aid;

    private static CardIssue Wanted(
        Issuance issuance, IssuerKeys keys, IReadOnlyList<Bytes> applets, IReadOnlyList<FirstField> fields,
        LetterDigits digits, SubscriberKeys? subscriber) => new()
        {
            Card = issuance.Card,
            KeyVersion = issuance.KeyVersion,
            Keys = CardKeys.Of(keys.Cards, issuance.Card),
            Pin = PinBlock.OfPin(digits.Pin),
            Puk = PinBlock.OfPuk(digits.Puk),
            Purse = issuance.HasPurse ? issuance.Order.Purse : null,
            HasStore = issuance.HasStore,
            Fields = issuance.HasStore ? fields : [],
            Ota = issuance.Order.Kind == CardKind.Sim ? OtaKeys.Of(keys.Cards, issuance.Card) : null,
            Sim = issuance.Sim is { } identity
                ? new SimIssue
                {
                    Identity = identity,
                    Keys = subscriber!,
                    Codes =
                    [
                        PinBlock.OfChv(digits.Sim(0)), PinBlock.OfPuk(digits.Sim(1)), PinBlock.OfChv(digits.Sim(2)),
                        PinBlock.OfPuk(digits.Sim(3)),
                    ],
                }
                : null,
            PivManagementKey = applets.Any(IsPiv) ? keys.PivManagementKey(issuance.Card) : null,
        };

    /// <summary>What stands in the register is what the card says of itself after a reset.</summary>
    private static async Task VerifyAsync(ICardChannel card, Issuance issuance, CancellationToken cancel)
    {
        var purse = await PurseClient.SelectAsync(card, cancel);
        var store = await StoreClient.SelectAsync(card, cancel);
        if (purse is not null != issuance.HasPurse || store is not null != issuance.HasStore)
            throw new InvalidDataException("The card has other applications than it was given.");
        foreach (var template in (ApplicationTemplate?[])[purse?.Template, store?.Template])
        {
            if (template is not null && (template.Card, template.KeyVersion) != (issuance.Card, issuance.KeyVersion))
                throw new InvalidDataException(
                    $"The card says that it is {template.Card} with keys {template.KeyVersion:X2}, "
                    + $"not {issuance.Card} with {issuance.KeyVersion:X2}.");
        }
    }

    private async Task RegisterAsync(Issuance issuance, CancellationToken cancel)
    {
        var (card, msisdn) = (issuance.Registration(issuance.Begun), issuance.Order.Msisdn);
        if (issuance.Order.Replaces is not { } lost)
        {
            await register.AddAsync(card, msisdn, cancel);
            return;
        }

        if ((await holders.FindCardAsync(lost, cancel))?.HasPurse == true)
        {
            var booked = await register.ReplaceAsync(lost, card, msisdn, cancel);
            if (booked.Refusal is { } no) throw new IssuingException($"Card {lost} is not replaced: {no.Detail}");
        }
        else
        {
            await register.AddAsync(card, msisdn, cancel);
            await issuances.WithdrawAsync(lost, cancel);
        }
    }

    private static char[] Digits(int count) => RandomNumberGenerator.GetItems<char>("0123456789", count);
}
