using System.CommandLine;
using Tessera.Cli.Issuing;
using Tessera.Storage.Keys;

namespace Tessera.Cli.Keys;

/// <summary><c>tessera vault</c>: the issuer's master keys in the data folder of a server.</summary>
internal static class VaultCommand
{
    private static readonly Option<string?> Version = new("--key-version")
    {
        Description = "The key version; the current one where it is not named.", HelpName = "hex",
    };

    private static readonly Option<bool> MakeCurrent = new("--current")
    {
        Description = "Cards are issued with the imported version from now on.",
    };

    private static readonly ComponentAtHand First = new("first");
    private static readonly ComponentAtHand Second = new("second");

    public static Command Create() => new Command("vault", "The issuer's master keys, by their check values.")
    {
        Show(), Rotate(), Seal(), Export(), Import(), SubscriberExport.Create(),
    }.WithSeal();

    private static Command Show()
    {
        var command = new Command(
            "show", "Print the versions of the master keys and their check values. Example: tessera vault show --data data")
        {
            IssuerAtHand.Data, Verb.Json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var folder = IssuerAtHand.FolderOf(parsed);
            using var seal = await SealAtHand.ReadAsync(parsed, folder, cancel);
            using var vault = await Vault.OpenAsync(folder, seal, TimeProvider.System, cancel);
            VaultReport.Of(vault).Print(parsed);
        });
        return command;
    }

    private static Command Rotate()
    {
        var command = new Command(
            "rotate",
            "Make a new version of every master key, which cards are issued with from then on; cards of older versions go "
            + "on with theirs. Example: tessera vault rotate --data data --operator ada")
        {
            IssuerAtHand.Data, IssuerAtHand.Operator, Verb.Json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            await using var issuer = await IssuerAtHand.OpenAsync(parsed, cancel);
            using var seal = await SealAtHand.ReadAsync(parsed, issuer.Folder, cancel);
            using var vault = await Vault.RotateAsync(
                issuer.Folder, seal, TimeProvider.System,
                fresh => issuer.ActAsync("vault.rotate", $"{fresh.Version:X2}", ChecksOf(fresh), cancel), cancel);
            VaultReport.Of(vault).Print(parsed);
        });
        return command;
    }

    private static Command Seal()
    {
        var open = new Option<bool>("--open")
        {
            Description = "Under no seal but its own file: whoever reads the folder has the keys.",
        };
        var command = new Command(
            "seal",
            "Put the vault under a passphrase, a key file that is kept elsewhere, or both; every verb and the server need it "
            + "from then on. Example: tessera vault seal --data data --new-passphrase -")
        {
            IssuerAtHand.Data, IssuerAtHand.Operator, open, Verb.Json,
        };
        foreach (var option in SealAtHand.New) command.Add(option);
        command.SetAction(async (parsed, cancel) =>
        {
            await using var issuer = await IssuerAtHand.OpenAsync(parsed, cancel);
            using var seal = await SealAtHand.ReadAsync(parsed, issuer.Folder, cancel);
            using var next = await SealAtHand.ReadNewAsync(parsed, cancel);
            if (parsed.GetValue(open) != (next.Kind == SealKind.None))
                throw new FormatException("Name --new-passphrase, --new-key, both of them, or --open alone.");
            await Vault.SealAsync(
                issuer.Folder, seal, next, TimeProvider.System,
                () => issuer.ActAsync("vault.seal", "", next.Kind.ToString(), cancel), cancel);
            if (parsed.GetValue(Verb.Json)) Verb.PrintJson(new { seal = next.Kind.ToString() });
            else Console.WriteLine($"The vault is sealed under: {next.Kind}.");
        });
        return command;
    }

    private static Command Export()
    {
        var command = new Command(
            "export",
            "Give out a version in two components, each for an officer with a passphrase of their own: neither alone learns "
            + "anything. Example: tessera vault export --data data --first-officer ada --first a.json --first-passphrase - "
            + "--second-officer ben --second b.json --second-passphrase -")
        {
            IssuerAtHand.Data, IssuerAtHand.Operator, Version, Verb.Json,
        };
        foreach (var option in First.Options.Concat(Second.Options)) command.Add(option);
        command.Add(First.Officer);
        command.Add(Second.Officer);
        command.SetAction(async (parsed, cancel) =>
        {
            await using var issuer = await IssuerAtHand.OpenAsync(parsed, cancel);
            var vault = await issuer.VaultAsync(cancel);
            var version = parsed.GetValue(Version) is { } named ? Octet(named) : vault.Current.Version;
            var keys = vault.Find(version) ?? throw new FormatException($"The vault has no version {version:X2}.");
            using var first = await First.OfficerAsync(parsed, cancel);
            using var second = await Second.OfficerAsync(parsed, cancel);
            var (one, two) = KeyComponent.Split(keys, first, second);
            await issuer.ActAsync(
                "vault.export", $"{version:X2}", $"export={one.Export} officers={one.Officer},{two.Officer} {ChecksOf(keys)}",
                cancel);
            await one.WriteAsync(First.PathOf(parsed), cancel);
            await two.WriteAsync(Second.PathOf(parsed), cancel);
            Print(parsed, "Exported", one, two);
        });
        return command;
    }

    private static Command Import()
    {
        var command = new Command(
            "import",
            "Take in a version from its two components, checked by its check values. Example: tessera vault import "
            + "--data data --first a.json --first-passphrase - --second b.json --second-passphrase -")
        {
            IssuerAtHand.Data, IssuerAtHand.Operator, MakeCurrent, Verb.Json,
        };
        foreach (var option in First.Options.Concat(Second.Options)) command.Add(option);
        command.SetAction(async (parsed, cancel) =>
        {
            await using var issuer = await IssuerAtHand.OpenAsync(parsed, cancel);
            var one = await KeyComponent.ReadAsync(First.PathOf(parsed), cancel);
            var two = await KeyComponent.ReadAsync(Second.PathOf(parsed), cancel);
            var ofFirst = await First.PassphraseAsync(parsed, cancel);
            var ofSecond = await Second.PassphraseAsync(parsed, cancel);
            var keys = KeyComponent.Join(one, ofFirst, two, ofSecond);
            ofFirst.AsSpan().Clear();
            ofSecond.AsSpan().Clear();
            using var seal = await SealAtHand.ReadAsync(parsed, issuer.Folder, cancel);
            using var vault = await Vault.ImportAsync(
                issuer.Folder, seal, TimeProvider.System, keys, parsed.GetValue(MakeCurrent),
                () => issuer.ActAsync(
                    "vault.import", $"{keys.Version:X2}",
                    $"export={one.Export} officers={one.Officer},{two.Officer} {ChecksOf(keys)}", cancel),
                cancel);
            Print(parsed, "Imported", one, two);
        });
        return command;
    }

    private static void Print(ParseResult parsed, string what, KeyComponent one, KeyComponent two)
    {
        if (parsed.GetValue(Verb.Json))
            Verb.PrintJson(new { one.Version, one.Export, officers = (string[])[one.Officer, two.Officer], one.Checks });
        else Console.WriteLine(
            $"{what} version {one.Version}, components of {one.Officer} and {two.Officer}, check values "
            + string.Join(' ', one.Checks.Select(check => $"{check.Key} {check.Value}")));
    }

    private static string ChecksOf(IssuerKeys keys) =>
        string.Join(' ', keys.Checks.Select(check => $"{check.Purpose}={check.Value}"));

    private static byte Octet(string text) => SecureChannels.ScpAtHand.Octet(Version.Name, text);
}
