using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Tessera.Cards.Identity;
using Tessera.Cards.Piv;
using Tessera.Cli.Identity;
using Tessera.Cli.Keys;

namespace Tessera.Cli.Piv;

/// <summary><c>tessera piv</c>: keys and certificates of any PIV card.</summary>
internal static class PivCommand
{
    public static Command Create() => new("piv", "Keys and certificates of any PIV card.")
    {
        Status(), Generate(), Sign(), Import(),
    };

    private static Command Status() => OnCard(
        new Command(
            "status",
            "Print what a PIV card tells without PIN and keys. "
            + "Example: tessera piv status --reader \"Virtual PCD 00 00\" --json")
        {
            Verb.Json,
        },
        async (parsed, card, piv, cancel) =>
        {
            var report = await PivReport.ReadAsync(card, piv, cancel);
            if (parsed.GetValue(Verb.Json)) Verb.PrintJson(report);
            else foreach (var line in report.Lines()) Console.WriteLine(line);
        });

    private static Command Generate()
    {
        var algorithm = PivOptions.KeyAlgorithm();
        return OnCard(
            new Command(
                "generate",
                "Have the card make a key, and print the public one as PEM. The key that was there is gone. "
                + "Example: tessera piv generate --reader \"Virtual PCD 00 00\" --slot 9A --algorithm p384 "
                + "--management-key env:MANAGER --management-algorithm aes256")
            {
                IdentityCommand.Slot, algorithm, ManagementAtHand.Key, ManagementAtHand.Algorithm, Verb.Json,
            },
            async (parsed, _, piv, cancel) =>
            {
                var reference = IdentityCommand.ReferenceOf(parsed);
                var kind = PivOptions.KeyAlgorithms[parsed.GetRequiredValue(algorithm)];
                await ManagementAtHand.AuthenticateAsync(parsed, piv, issued: null, cancel);
                var key = await piv.GenerateAsync(reference, kind, cancel);
                if (parsed.GetValue(Verb.Json))
                    Verb.PrintJson(new { slot = Hex(reference), algorithm = kind, publicKey = key.Pem });
                else
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
            new Command(
                "sign",
                "Sign a file with a key that has a certificate. Without --pin the PIN is asked for, or a line of standard "
                + "input. Example: tessera piv sign --reader \"Virtual PCD 00 00\" --slot 9C --pin env:PIN "
                + "--in contract.pdf --out contract.sig")
            {
                IdentityCommand.Slot, input, output, IdentityCommand.Pin, Verb.Json,
            },
            async (parsed, card, piv, cancel) =>
            {
                var reference = IdentityCommand.ReferenceOf(parsed);
                if (await piv.CertificateAsync(reference, cancel) is not { } der)
                    throw new InvalidDataException($"Key {reference:X2} has no certificate.");
                using var certificate = X509CertificateLoader.LoadCertificate(der.Span);
                var algorithm = CertificateKey.AlgorithmOf(certificate)
                    ?? throw new InvalidDataException($"Key {reference:X2} is of a kind that is not known here.");
                var message = await File.ReadAllBytesAsync(parsed.GetRequiredValue(input).FullName, cancel);
                using (var pin = await IdentityCommand.PinAsync(parsed, reference, cancel))
                    if (pin is not null) await PinAtHand.VerifyAsync(card.Channel, pin, cancel);
                var signature =
                    await piv.SignAsync(reference, algorithm, PivSignature.Input(algorithm, message), cancel);
                var path = parsed.GetRequiredValue(output).FullName;
                await File.WriteAllBytesAsync(path, signature.ToArray(), cancel);
                if (parsed.GetValue(Verb.Json))
                    Verb.PrintJson(new { slot = Hex(reference), algorithm, file = path, octets = signature.Length });
            });
    }

    private static Command Import()
    {
        var key = new Option<FileInfo?>("--key") { Description = "A private key, PEM.", HelpName = "file" };
        var passphrase = SecretAtHand.Option("--passphrase", "Of a private key that is encrypted (PKCS#8)");
        var certificate = new Option<FileInfo?>("--certificate")
        {
            Description = "A certificate, PEM.",
            HelpName = "file",
        };
        return OnCard(
            new Command(
                "import",
                "Bring a private key, a certificate or both into a PIV card. "
                + "Example: tessera piv import --reader \"Virtual PCD 00 00\" --slot 9D --key old.pem --passphrase - "
                + "--certificate old.crt")
            {
                IdentityCommand.Slot, key, passphrase, certificate, ManagementAtHand.Key, ManagementAtHand.Algorithm,
                Verb.Json,
            },
            async (parsed, _, piv, cancel) =>
            {
                var reference = IdentityCommand.ReferenceOf(parsed);
                var (from, with) = (parsed.GetValue(key), parsed.GetValue(certificate));
                if (from is null && with is null)
                    throw new FormatException("Nothing to import: --key or --certificate.");
                using var imported =
                    from is null ? null : await ReadAsync(from.FullName, parsed.GetValue(passphrase), cancel);
                using var der = with is null ? null : X509Certificate2.CreateFromPem(
                    await File.ReadAllTextAsync(with.FullName, cancel));
                await ManagementAtHand.AuthenticateAsync(parsed, piv, issued: null, cancel);
                if (imported is not null) await piv.ImportAsync(reference, imported, cancel);
                if (der is not null) await piv.WriteCertificateAsync(reference, der.RawDataMemory, cancel);
                if (parsed.GetValue(Verb.Json))
                    Verb.PrintJson(new { slot = Hex(reference), key = imported?.Algorithm, certificate = der?.Subject });
            });
    }

    private static async Task<PivPrivateKey> ReadAsync(string path, string? source, CancellationToken cancel)
    {
        var pem = await File.ReadAllTextAsync(path, cancel);
        var passphrase = source is null ? "" : await SecretAtHand.ReadAsync("--passphrase", source, cancel);
        return PivPrivateKey.OfPem(pem, passphrase);
    }

    private static string Hex(byte reference) => reference.ToString("X2", CultureInfo.InvariantCulture);

    private static Command OnCard(
        Command command, Func<ParseResult, CardAtHand, PivClient, CancellationToken, Task> run)
    {
        foreach (var option in CardAtHand.OptionsWithImage) command.Add(option);
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
}
