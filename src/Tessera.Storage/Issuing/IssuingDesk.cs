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

    /// <summary>
    /// Keeps PIN and PUK for the holder, durably on return: they are stored in the card then. It may be asked again for the
    /// same card, with others.
    /// </summary>
    public required Func<Issuance, ReadOnlyMemory<char>, ReadOnlyMemory<char>, Task> KeepAsync { get; init; }
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

    /// <returns>The issuance, finished.</returns>
    /// <exception cref="IssuingException">
    /// The card is in use and not of this register, is terminated, or was begun as another.
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

        var issuance = await issuances.BeginAsync(
            chip, order, keys.Version, id => CardKeyChecks.Of(keys, id, chip, order), by, cancel);
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
        var pin = secrets.Pin?.ToArray() ?? Digits(PinDigits);
        var puk = Digits(PukDigits);
        try
        {
            using var wanted = Wanted(issuance, keys, personaliser.Blank.Applets, fields, pin, puk);
            await acts.AddAsync(
                new Act(
                    by, issuance.Order.Replaces is null ? "card.issue" : "card.replace", issuance.Card.ToString(),
                    $"holder={issuance.Holder} keys={issuance.KeyVersion:X2}"),
                cancel);
            await secrets.KeepAsync(issuance, pin, puk);
            await personaliser.RunAsync(wanted, cancel);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(System.Runtime.InteropServices.MemoryMarshal.AsBytes(pin.AsSpan()));
            CryptographicOperations.ZeroMemory(System.Runtime.InteropServices.MemoryMarshal.AsBytes(puk.AsSpan()));
        }
    }

    private static CardIssue Wanted(
        Issuance issuance, IssuerKeys keys, IReadOnlyList<Bytes> applets, IReadOnlyList<FirstField> fields,
        ReadOnlySpan<char> pin, ReadOnlySpan<char> puk) => new()
        {
            Card = issuance.Card,
            KeyVersion = issuance.KeyVersion,
            Keys = CardKeys.Of(keys.Cards, issuance.Card),
            Pin = PinBlock.OfPin(pin),
            Puk = PinBlock.OfPuk(puk),
            Purse = issuance.HasPurse ? issuance.Order.Purse : null,
            HasStore = issuance.HasStore,
            Fields = issuance.HasStore ? fields : [],
            Ota = issuance.Order.Kind == CardKind.Sim ? OtaKeys.Of(keys.Cards, issuance.Card) : null,
            PivManagementKey = applets.Contains(Cards.Piv.PivCommands.Aid) ? keys.PivManagementKey(issuance.Card) : null,
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
