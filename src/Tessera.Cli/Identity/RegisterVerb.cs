using System.CommandLine;
using Tessera.Cards;
using Tessera.Cards.Identity;
using Tessera.Cards.Pins;
using Tessera.Cards.Piv;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.Cli.Issuing;
using Tessera.Cli.Keys;
using Tessera.Platform.Holders;
using Tessera.Platform.Sessions.Verifying;
using Tessera.Storage.Holders;
using Tessera.Wire;

namespace Tessera.Cli.Identity;

/// <summary><c>tessera identity register</c>: a card of any maker becomes known to a server by its keys.</summary>
internal static class RegisterVerb
{
    public static Command Create(Option<string?> pinOption)
    {
        var command = new Command(
            "register",
            "Register a card of any maker, that has nothing but a PIV application, with a holder: it is known by its keys 9E "
            + "and 9A, which prove themselves first (9A only with --pin). "
            + "Example: tessera identity register --reader \"Virtual PCD 00 00\" --data data --holder \"Ada Lovelace\" --pin -")
        {
            IssuerAtHand.Data, IssuerAtHand.Operator, OrderAtHand.NewHolder, OrderAtHand.KnownHolder, pinOption, Verb.Json,
        };
        foreach (var option in CardAtHand.OptionsWithImage) command.Add(option);
        command.SetAction(async (parsed, cancel) =>
        {
            var (fresh, known) = (parsed.GetValue(OrderAtHand.NewHolder), parsed.GetValue(OrderAtHand.KnownHolder));
            if (fresh is null == known is null) throw new FormatException("Name --holder or --holder-id, one of them.");
            await using var issuer = await IssuerAtHand.OpenAsync(parsed, cancel);
            await using var card = await CardAtHand.OpenAsync(parsed, cancel);
            foreach (var select in (CommandApdu[])[PurseCommands.Select, StoreCommands.Select])
            {
                if ((await card.Channel.TransmitAsync(select, cancel)).Status.IsSuccess)
                    return Verb.Fail("The card has an id of its own and is registered when it is issued (tessera card issue).");
            }

            using var pin = parsed.GetValue(pinOption) is { } source
                ? PinBlock.OfPin(await SecretAtHand.ReadAsync("--pin", source, cancel))
                : null;
            var keys = await ProveAsync(card, pin, cancel);
            if (keys.Count == 0)
            {
                var without = pin is null ? "no key 9E; for 9A name --pin" : "neither key 9E nor 9A";
                return Verb.Fail($"The card in {card.Reader} has {without}.");
            }

            var now = TimeProvider.System.GetUtcNow();
            var holder = await HolderAsync(issuer, fresh, known, now, cancel);
            await issuer.ActAsync("identity.register", keys[0].Card.ToString(), keys[0].Subject, cancel);
            var (register, registration) =
                (new SqliteKeyRegister(issuer.Database), KnownKey.Registration(keys[0].Card, holder.Id, now));
            await (known is null
                ? register.RegisterAsync(holder, registration, keys, cancel)
                : register.RegisterAsync(registration, keys, cancel));
            if (parsed.GetValue(Verb.Json))
                Verb.PrintJson(new { card = keys[0].Card.ToString(), holder = holder.Id.ToString(), keys = keys.Count });
            else Console.WriteLine($"Card {keys[0].Card} of {holder.Name}, known by {keys.Count} of its keys: {keys[0].Subject}");
            return 0;
        });
        return command;
    }

    /// <summary>The keys that the card proved to have, all under the name of the first.</summary>
    private static async Task<List<KnownKey>> ProveAsync(CardAtHand card, PinBlock? pin, CancellationToken cancel)
    {
        var identity = await CardIdentity.ReadAsync(card.Channel, cancel)
            ?? throw new InvalidDataException($"The card in {card.Reader} is no PIV card.");
        List<KnownKey> keys = [];
        foreach (var reference in KeyLogin.References.Where(each => PivKeyReference.IsFree(each) || pin is not null))
        {
            if (identity.Find(reference) is null) continue;
            if (!PivKeyReference.IsFree(reference)) await PinAtHand.VerifyAsync(card.Channel, pin!, cancel);
            identity = await identity.ProvenAsync(card.Channel, reference, Bytes.Empty, cancel);
            var key = identity.Find(reference)!;
            if (key.Proof is not { State: ProofState.Proven })
                throw new InvalidDataException($"Key {reference:X2} {key.Fault ?? key.Proof?.Words}; nothing was registered.");
            using var certificate = key.Load();
            var digest = KnownKey.DigestOf(certificate);
            keys.Add(new KnownKey(
                digest, keys.Count > 0 ? keys[0].Card : KnownKey.CardOf(digest), key.Subject, Name: null));
        }

        return keys;
    }

    private static async Task<Holder> HolderAsync(
        IssuerAtHand issuer, string? fresh, string? known, DateTimeOffset now, CancellationToken cancel)
    {
        if (known is not null)
        {
            return await issuer.Holders.FindAsync(HolderId.Parse(known), cancel)
                ?? throw new FormatException($"There is no holder {known}.");
        }

        return new Holder(HolderId.New(now), fresh!, now);
    }
}
