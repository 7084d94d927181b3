using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tessera.Cards.Identity;
using Tessera.Cards.Pins;
using Tessera.Cards.Piv;
using Tessera.Cli.Issuing;
using Tessera.Cli.Keys;
using Tessera.Cli.Piv;
using Tessera.Wire;

namespace Tessera.Cli.Identity;

/// <summary><c>tessera identity</c>: who a card is, and how it comes to certificates.</summary>
internal static class IdentityCommand
{
    private static readonly Option<string?> Trust = new("--trust")
    {
        Description = "A folder of roots, other certificates and revocation lists: .pem, .crt, .cer, .der, .crl.",
        HelpName = "folder",
    };

    private static readonly Option<bool> NoRevocation = new("--no-revocation")
    {
        Description = "Do without revocation lists, for authorities that issue none.",
    };

    private static readonly Option<string> Subject = new("--subject")
    {
        Description = "The name of the holder, as CN=Ada Lovelace.", HelpName = "name", Required = true,
    };

    private static readonly Option<string> Algorithm = PivOptions.KeyAlgorithm();

    public static Option<string?> Pin { get; } = SecretAtHand.Option("--pin", "The PIN");

    public static Option<string> Slot { get; } = new("--slot")
    {
        Description = "The key: 9A, 9C, 9D, 9E, or a retired one, 82 to 95.", HelpName = "reference", Required = true,
    };

    public static Command Create() => new Command("identity", "Who a card is, and how it comes to certificates.")
    {
        Show(), Prove(), Enrol(), Request(), Import(), RegisterVerb.Create(Pin),
    }.WithSeal();

    /// <exception cref="FormatException">There is no such key.</exception>
    public static byte ReferenceOf(ParseResult parsed)
    {
        var text = parsed.GetRequiredValue(Slot);
        return byte.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var reference)
            && PivKeyReference.Certificate(reference) is not null
            ? reference
            : throw new FormatException($"--slot is 9A, 9C, 9D, 9E or 82 to 95, not '{text}'.");
    }

    private static Command Show() => OnCard(
        new Command(
            "show",
            "Print the keys of a card with their certificates, and what speaks against them. The key 9E, which needs no "
            + "PIN, is challenged. "
            + "Example: tessera identity show --reader \"Virtual PCD 00 00\" --trust data/authority")
        {
            Trust, NoRevocation, Verb.Json,
        },
        async (parsed, card, _, cancel) =>
        {
            var identity = await ReadAsync(parsed, card, cancel);
            identity = await identity.ProvenAsync(card.Channel, PivKeyReference.CardAuthentication, Bytes.Empty, cancel);
            IdentityReport.Of(card.Reader, identity).Print(parsed);
            return 0;
        });

    private static Command Prove() => OnCard(
        new Command(
            "prove",
            "Challenge a key of a card: 0 where it has the key and, with --trust, its certificate is trusted; 1 where not. "
            + "Example: tessera identity prove --reader \"Virtual PCD 00 00\" --slot 9A --pin - --trust data/authority")
        {
            Slot, Pin, Trust, NoRevocation, Verb.Json,
        },
        async (parsed, card, _, cancel) =>
        {
            var reference = ReferenceOf(parsed);
            var identity = await ReadAsync(parsed, card, cancel);
            if (identity.Find(reference) is null) return Verb.Fail($"Key {reference:X2} has no certificate.");
            using (var pin = await PinAsync(parsed, reference, cancel))
                if (pin is not null) await PinAtHand.VerifyAsync(card.Channel, pin, cancel);
            identity = await identity.ProvenAsync(card.Channel, reference, Bytes.Empty, cancel);
            var key = identity.Find(reference)!;
            IdentityReport.Of(card.Reader, identity with { Keys = [key] }).Print(parsed);
            return key is { Proof.State: ProofState.Proven, Verdict: null or { IsTrusted: true } } ? 0 : 1;
        });

    private static Command Enrol()
    {
        var days = new Option<int>("--days")
        {
            Description = "How long the certificate is good.", HelpName = "days", DefaultValueFactory = _ => 3 * 365,
        };
        return OnCard(
            new Command(
                "enrol",
                "Have the card make a key, the built-in authority issue its certificate, and write it. The key that was "
                + "there is gone. Example: tessera identity enrol --reader \"Virtual PCD 00 00\" --slot 9A "
                + "--subject \"CN=Ada Lovelace\" --data data --pin -")
            {
                Slot, Algorithm, Subject, Pin, IssuerAtHand.Data, IssuerAtHand.Operator, days,
                ManagementAtHand.Key, ManagementAtHand.Algorithm, Verb.Json,
            },
            async (parsed, card, piv, cancel) =>
            {
                var (reference, subject) = (ReferenceOf(parsed), parsed.GetRequiredValue(Subject));
                await using var issuer = await IssuerAtHand.OpenAsync(parsed, cancel);
                (await AuthorityCommand.OpenAsync(issuer, cancel)).Dispose();
                using var pin = await PinAsync(parsed, reference, cancel);
                using var issued = await ManagementAtHand.FindAsync(parsed, issuer, card, cancel);
                await PivClient.SelectAsync(card.Channel, cancel);
                var enrolment = await BeginAsync(parsed, card, piv, issued, cancel);
                var request = await enrolment.RequestAsync(
                    reference, PivOptions.KeyAlgorithms[parsed.GetRequiredValue(Algorithm)], subject, pin, cancel);
                using var certificate = await AuthorityCommand.IssueAsync(
                    issuer, request, reference, parsed.GetValue(days), null, cancel);
                await WriteAsync(parsed, card, enrolment, reference, certificate, pin, cancel);
                return 0;
            });
    }

    private static Command Request()
    {
        var output = new Option<FileInfo>("--out")
        {
            Description = "Where the request goes, PEM (PKCS#10).", HelpName = "file", Required = true,
        };
        return OnCard(
            new Command(
                "request",
                "Have the card make a key and sign a request for its certificate, for any authority. The key that was there "
                + "is gone. Example: tessera identity request --reader \"Virtual PCD 00 00\" --slot 9A "
                + "--subject \"CN=Ada Lovelace\" --pin - --out ada.csr")
            {
                Slot, Algorithm, Subject, Pin, ManagementAtHand.Key, ManagementAtHand.Algorithm, output,
            },
            async (parsed, card, piv, cancel) =>
            {
                var reference = ReferenceOf(parsed);
                using var pin = await PinAsync(parsed, reference, cancel);
                var enrolment = await BeginAsync(parsed, card, piv, issued: null, cancel);
                var request = await enrolment.RequestAsync(
                    reference, PivOptions.KeyAlgorithms[parsed.GetRequiredValue(Algorithm)],
                    parsed.GetRequiredValue(Subject), pin, cancel);
                await File.WriteAllTextAsync(
                    parsed.GetRequiredValue(output).FullName,
                    PemEncoding.WriteString("CERTIFICATE REQUEST", request.Span) + "\n", cancel);
                return 0;
            });
    }

    private static Command Import()
    {
        var certificate = new Option<FileInfo>("--certificate")
        {
            Description = "The certificate that came back, PEM or DER.", HelpName = "file", Required = true,
        };
        return OnCard(
            new Command(
                "import",
                "Write the certificate of a key into the card, once the key has shown that it is its own. "
                + "Example: tessera identity import --reader \"Virtual PCD 00 00\" --slot 9A --certificate ada.crt --pin -")
            {
                Slot, certificate, Pin, ManagementAtHand.Key, ManagementAtHand.Algorithm, Verb.Json,
            },
            async (parsed, card, piv, cancel) =>
            {
                var reference = ReferenceOf(parsed);
                var path = parsed.GetRequiredValue(certificate).FullName;
                using var loaded = X509CertificateLoader.LoadCertificateFromFile(path);
                using var pin = await PinAsync(parsed, reference, cancel);
                var enrolment = await BeginAsync(parsed, card, piv, issued: null, cancel);
                await WriteAsync(parsed, card, enrolment, reference, loaded, pin, cancel);
                return 0;
            });
    }

    private static async Task<CardIdentity> ReadAsync(ParseResult parsed, CardAtHand card, CancellationToken cancel)
    {
        using var trust = parsed.GetValue(Trust) is { } folder ? await TrustStore.LoadAsync(folder, cancel) : null;
        var identity = await CardIdentity.ReadAsync(card.Channel, cancel)
            ?? throw new InvalidDataException($"The card in {card.Reader} is no PIV card.");
        return trust is null ? identity : identity.Judged(
            trust, TimeProvider.System.GetUtcNow(),
            parsed.GetValue(NoRevocation) ? RevocationCheck.None : RevocationCheck.Chain);
    }

    private static async Task<Enrolment> BeginAsync(
        ParseResult parsed, CardAtHand card, PivClient piv, SecretKey? issued, CancellationToken cancel)
    {
        await ManagementAtHand.AuthenticateAsync(parsed, piv, issued, cancel);
        return new Enrolment(piv, card.Channel);
    }

    private static async Task WriteAsync(
        ParseResult parsed, CardAtHand card, Enrolment enrolment, byte reference, X509Certificate2 certificate,
        PinBlock? pin, CancellationToken cancel)
    {
        await enrolment.ImportAsync(reference, certificate, pin, cancel);
        await enrolment.NameAsync(DateOnly.FromDateTime(certificate.NotAfter.ToUniversalTime()), cancel);
        var identity = (await CardIdentity.ReadAsync(card.Channel, cancel))!;
        IdentityReport.Of(card.Reader, identity with { Keys = [identity.Find(reference)!] }).Print(parsed);
    }

    /// <summary>Null for a key that needs none.</summary>
    public static async Task<PinBlock?> PinAsync(ParseResult parsed, byte reference, CancellationToken cancel) =>
        PivKeyReference.IsFree(reference)
            ? null
            : PinBlock.OfPin(await SecretAtHand.ReadAsync("--pin", parsed.GetValue(Pin) ?? "-", cancel));

    private static Command OnCard(
        Command command, Func<ParseResult, CardAtHand, PivClient, CancellationToken, Task<int>> run)
    {
        foreach (var option in CardAtHand.OptionsWithImage) command.Add(option);
        command.SetAction(async (parsed, cancel) =>
        {
            await using var card = await CardAtHand.OpenAsync(parsed, cancel);
            return await PivClient.SelectAsync(card.Channel, cancel) is { } piv
                ? await run(parsed, card, piv, cancel)
                : Verb.Fail($"The card in {card.Reader} is no PIV card.");
        });
        return command;
    }
}
