using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Tessera.Cards.Store;
using Tessera.Wire;

namespace Tessera.Cli.Store;

/// <summary><c>tessera store verify</c>, <c>sign</c> and <c>remove</c>: signed objects in fields of a card.</summary>
internal static class ObjectVerbs
{
    private static readonly FieldDefinition OfObjects = new(FieldType.Object, FieldReading.Anybody, IsMandatory: false);

    private static readonly Option<FileInfo> Issuer = new("--issuer")
    {
        Description = "The issuer's public keys or certificates, PEM.", HelpName = "file", Required = true,
    };

    private static readonly Option<FileInfo> Signer = new("--signer")
    {
        Description = "The issuer's private key on P-256, PEM.", HelpName = "file", Required = true,
    };

    private static readonly Option<ObjectKind> Kind = new("--kind")
    {
        Description = "ticket, coupon or receipt.", HelpName = "kind", Required = true,
    };

    private static readonly Option<uint> Number = new("--number")
    {
        Description = "The number of the object, another for each.", HelpName = "number", Required = true,
    };

    private static readonly Option<string> Text = new("--text")
    {
        Description = $"What it is for, at most {SignedObject.MaxText} octets of UTF-8.", HelpName = "text", Required = true,
    };

    private static readonly Option<string?> From = TimeOption("--from", "The first second of its validity, by default now.");

    private static readonly Option<string?> Until = TimeOption("--until", "The last second of its validity.");

    private static readonly Option<string?> At = TimeOption("--at", "The time at which it has to be valid, by default now.");

    /// <summary>Needs no key of the card and no server.</summary>
    public static Command Verify() => StoreCommand.OnStore(
        new Command(
            "verify",
            "Check the signed object in a field with its issuer's public key alone; exit code 1 where it is not good. "
            + "Example: tessera store verify --reader NAME --field E1 --issuer office.pem")
        {
            StoreCommand.Field, Issuer, At,
        },
        takesKey: false,
        async (parsed, store, cancel) =>
        {
            using var inspector = ObjectInspector.With(
                await File.ReadAllTextAsync(parsed.GetRequiredValue(Issuer).FullName, cancel));
            var time = TimeOf(parsed, At) ?? TimeProvider.System.GetUtcNow();
            var field = StoreAtHand.FieldOf(parsed.GetRequiredValue(StoreCommand.Field));
            var stored = await store.ReadAsync(field, cancel);
            if (ObjectReport.Of(stored.Content) is not { } found) return Verb.Fail($"Field {field:X2} holds no signed object.");

            var seen = inspector.LookIn(stored.Content, store.Id, time);
            var fault = seen.Fault is { } why ? $"{char.ToUpperInvariant(why[0])}{why[1..]}." : null;
            if (parsed.GetValue(Verb.Json))
                Verb.PrintJson(new { card = store.Id.ToString(), field, found, good = seen.IsGood, fault });
            else
                Console.WriteLine(found.Line());
            return fault is null ? 0 : Verb.Fail(fault);
        });

    public static Command Sign() => StoreCommand.OnStore(
        new Command(
            "sign",
            "Sign an object for the card at hand and keep it in a field. Example: tessera store sign --card card.img "
            + "--demonstration --signer office.key --field E1 --kind ticket --number 7 --text 'Bus to Centre' "
            + "--until 2026-11-22T23:59:59Z")
        {
            StoreCommand.Field, Signer, Kind, Number, Text, From, Until,
        },
        takesKey: true,
        async (parsed, store, cancel) =>
        {
            using var key = await ReadAsync(parsed.GetRequiredValue(Signer), cancel);
            var until = TimeOf(parsed, Until) ?? throw new FormatException("--until is missing: nothing is good for ever.");
            var field = StoreAtHand.FieldOf(parsed.GetRequiredValue(StoreCommand.Field));
            var one = SignedObject.Sign(
                key, store.Id, parsed.GetRequiredValue(Kind), parsed.GetRequiredValue(Number),
                TimeOf(parsed, From) ?? TimeProvider.System.GetUtcNow(), until, parsed.GetRequiredValue(Text));
            var had = await store.FindAsync(field, cancel);
            if (had is { Field.Length: > 0 } && ObjectReport.Of((await store.ReadAsync(field, cancel)).Content) is { Mark: null })
                return Verb.Fail($"Field {field:X2} holds an object already: remove it before.");
            var written = await store.WriteAsync(
                field, had?.Definition == OfObjects ? null : OfObjects, Bytes.Of(one), cancel);
            StoreCommand.Print(parsed, field, OfObjects, written, isProven: true);
            return 0;
        });

    public static Command Remove() => StoreCommand.OnStore(
        new Command(
            "remove",
            "Use up the object in a field: what stays in its place says so, and it never comes back. "
            + "Example: tessera store remove --reader NAME --master store.key --field E1")
        {
            StoreCommand.Field,
        },
        takesKey: true,
        async (parsed, store, cancel) =>
        {
            var field = StoreAtHand.FieldOf(parsed.GetRequiredValue(StoreCommand.Field));
            if (ObjectReport.Of((await store.ReadAsync(field, cancel)).Content) is not { Mark: null } found)
                return Verb.Fail($"Field {field:X2} holds no object.");
            var removed = new RemovedObject(
                found.Number, new Bytes(RandomNumberGenerator.GetBytes(RemovedObject.MarkLength)));
            var written = await store.WriteAsync(field, null, Bytes.Of(removed), cancel);
            StoreCommand.Print(parsed, field, OfObjects, written, isProven: true);
            return 0;
        });

    private static Option<string?> TimeOption(string name, string description) =>
        new(name) { Description = description + " E.g. 2026-11-22T12:00:00Z.", HelpName = "time" };

    private static DateTimeOffset? TimeOf(ParseResult parsed, Option<string?> option) => parsed.GetValue(option) switch
    {
        null => null,
        var text when DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) => time,
        var text => throw new FormatException($"{option.Name} is no time: '{text}'."),
    };

    private static async Task<ECDsa> ReadAsync(FileInfo file, CancellationToken cancel)
    {
        var pem = await File.ReadAllTextAsync(file.FullName, cancel);
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            return key;
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }
}
