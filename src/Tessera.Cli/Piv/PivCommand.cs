using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Tessera.Cards.Identity;
using Tessera.Cards.Piv;
using Tessera.Cli.Keys;
using Tessera.VirtualCard;

namespace Tessera.Cli.Piv;

/// <summary><c>tessera piv</c>: keys and certificates of any PIV card.</summary>
internal static class PivCommand
{
    private static readonly Dictionary<string, PivAlgorithm> KeyAlgorithms = new(StringComparer.OrdinalIgnoreCase)
    {
        ["rsa2048"] = PivAlgorithm.Rsa2048,
        ["rsa3072"] = PivAlgorithm.Rsa3072,
        ["p256"] = PivAlgorithm.P256,
        ["p384"] = PivAlgorithm.P384,
    };

    private static readonly Dictionary<string, PivAlgorithm> ManagementAlgorithms = new(
        StringComparer.OrdinalIgnoreCase)
    {
        ["3des"] = PivAlgorithm.TripleDes,
        ["aes128"] = PivAlgorithm.Aes128,
        ["aes192"] = PivAlgorithm.Aes192,
        ["aes256"] = PivAlgorithm.Aes256,
    };

    private static readonly Option<string> Slot = new("--slot")
    {
        Description = "The key: 9A, 9C, 9D, 9E, or a retired one, 82 to 95.",
        HelpName = "reference",
        Required = true,
    };

    private static readonly Option<string?> ManagementKey =
        KeyAtHand.Option("--management-key", "The management key, by default that of cards as delivered");

    private static readonly Option<string> ManagementAlgorithm = Of(
        "--management-algorithm", "The algorithm of the management key.", ManagementAlgorithms.Keys, "3des");

    public static Command Create() => new("piv", "Keys and certificates of any PIV card.")
    {
        Status(), Generate(), Sign(), Import(),
    };

    private static Command Status() => OnCard(
        new Command("status", "Print what a PIV card tells without PIN and keys.") { Verb.Json },
        async (parsed, card, piv, cancel) =>
        {
            var report = await PivReport.ReadAsync(card, piv, cancel);
            if (parsed.GetValue(Verb.Json)) Verb.PrintJson(report);
            else foreach (var line in report.Lines()) Console.WriteLine(line);
        });

    private static Command Generate()
    {
        var algorithm = Of("--algorithm", "The kind of the key.", KeyAlgorithms.Keys, "p256");
        return OnCard(
            new Command("generate", "Have the card make a key, and print the public one as PEM.")
            {
                Slot, algorithm, ManagementKey, ManagementAlgorithm,
            },
            async (parsed, _, piv, cancel) =>
            {
                var reference = ReferenceOf(parsed);
                await ManageAsync(parsed, piv, cancel);
                var key = await piv.GenerateAsync(reference, KeyAlgorithms[parsed.GetRequiredValue(algorithm)], cancel);
                Console.WriteLine(key.Pem);
            });
    }

    private static Command Sign()
    {
        var input = new Option<FileInfo>("--in")
        {
            Description = "What is signed.",
            HelpName = "file",
            Required = true,
        };
        var output = new Option<FileInfo>("--out")
        {
            Description = "Where the signature goes: by PKCS#1 or ECDSA (DER), with SHA-256, for P-384 with SHA-384.",
            HelpName = "file",
            Required = true,
        };
        return OnCard(
            new Command("sign", "Sign a file with a key that has a certificate; the PIN is read from standard input.")
            {
                Slot, input, output,
            },
            async (parsed, card, piv, cancel) =>
            {
                var reference = ReferenceOf(parsed);
                if (await piv.CertificateAsync(reference, cancel) is not { } der)
                    throw new InvalidDataException($"Key {reference:X2} has no certificate.");
                using var certificate = X509CertificateLoader.LoadCertificate(der.Span);
                var algorithm = CertificateKey.AlgorithmOf(certificate)
                    ?? throw new InvalidDataException($"Key {reference:X2} is of a kind that is not known here.");
                var message = await File.ReadAllBytesAsync(parsed.GetRequiredValue(input).FullName, cancel);
                if (reference != PivKeyReference.CardAuthentication) await PinAtHand.VerifyAsync(card.Channel, cancel);
                var signature =
                    await piv.SignAsync(reference, algorithm, PivSignature.Input(algorithm, message), cancel);
                await File.WriteAllBytesAsync(parsed.GetRequiredValue(output).FullName, signature.ToArray(), cancel);
            });
    }

    private static Command Import()
    {
        var key = new Option<FileInfo?>("--key") { Description = "A private key, PEM.", HelpName = "file" };
        var certificate = new Option<FileInfo?>("--certificate")
        {
            Description = "A certificate, PEM.",
            HelpName = "file",
        };
        return OnCard(
            new Command("import", "Bring a private key, a certificate or both into a PIV card.")
            {
                Slot, key, certificate, ManagementKey, ManagementAlgorithm,
            },
            async (parsed, _, piv, cancel) =>
            {
                var reference = ReferenceOf(parsed);
                var (from, with) = (parsed.GetValue(key), parsed.GetValue(certificate));
                if (from is null && with is null)
                    throw new FormatException("Nothing to import: --key or --certificate.");
                using var imported =
                    from is null ? null : PivPrivateKey.OfPem(await File.ReadAllTextAsync(from.FullName, cancel));
                using var der = with is null ? null : X509Certificate2.CreateFromPem(
                    await File.ReadAllTextAsync(with.FullName, cancel));
                await ManageAsync(parsed, piv, cancel);
                if (imported is not null) await piv.ImportAsync(reference, imported, cancel);
                if (der is not null) await piv.WriteCertificateAsync(reference, der.RawDataMemory, cancel);
            });
    }

    private static Command OnCard(
        Command command, Func<ParseResult, CardAtHand, PivClient, CancellationToken, Task> run)
    {
        foreach (var option in CardAtHand.Options) command.Add(option);
        command.SetAction(async (parsed, cancel) =>
        {
            await using var card = await CardAtHand.OpenAsync(parsed, cancel);
            if (await PivClient.SelectAsync(card.Channel, cancel) is not { } piv)
                return Verb.Fail($"The card in {card.Reader} is no PIV card.");
            await run(parsed, card, piv, cancel);
            return 0;
        });
        return command;
    }

    private static Option<string> Of(string name, string description, IEnumerable<string> values, string value)
    {
        var option = new Option<string>(name) { Description = description, DefaultValueFactory = _ => value };
        option.AcceptOnlyFromAmong([.. values]);
        return option;
    }

    private static byte ReferenceOf(ParseResult parsed)
    {
        var text = parsed.GetRequiredValue(Slot);
        return byte.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var reference)
            && PivKeyReference.Certificate(reference) is not null
            ? reference
            : throw new FormatException($"--slot is 9A, 9C, 9D, 9E or 82 to 95, not '{text}'.");
    }

    private static async Task ManageAsync(ParseResult parsed, PivClient piv, CancellationToken cancel)
    {
        var algorithm = ManagementAlgorithms[parsed.GetRequiredValue(ManagementAlgorithm)];
        using var key = parsed.GetValue(ManagementKey) is { } source
            ? await KeyAtHand.ReadAsync("The management key", source, cancel)
            : DemonstrationKeys.CreatePivManagementKey();
        if (key.Length != algorithm.KeyLength())
            throw new FormatException($"The management key has {algorithm.KeyLength()} octets, not {key.Length}.");
        await piv.AuthenticateAsync(algorithm, key, cancel);
    }
}
