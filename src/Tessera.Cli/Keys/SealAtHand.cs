using System.CommandLine;
using Tessera.Storage.Keys;

namespace Tessera.Cli.Keys;

/// <summary>What opens the vault of a data folder, where it is sealed under more than its own file.</summary>
internal static class SealAtHand
{
    private static readonly Option<string?> Passphrase =
        SecretAtHand.Option("--vault-passphrase", "The passphrase that the vault is sealed under, where it is");

    private static readonly Option<string?> KeyFile = new("--vault-key")
    {
        Description = "The key file that the vault is sealed under, where it is.", HelpName = "file",
    };

    private static readonly Option<string?> NewPassphrase =
        SecretAtHand.Option("--new-passphrase", "The passphrase to seal it under, 8 characters or more");

    private static readonly Option<string?> NewKeyFile = new("--new-key")
    {
        Description = "The file to seal it under, kept elsewhere than the vault; made where it is not there.", HelpName = "file",
    };

    /// <summary>Those of the new seal.</summary>
    public static IReadOnlyList<Option> New { get; } = [NewPassphrase, NewKeyFile];

    /// <summary>Every verb below takes the options that open the vault.</summary>
    public static Command WithSeal(this Command group)
    {
        foreach (var option in (Option[])[Passphrase, KeyFile])
        {
            option.Recursive = true;
            group.Add(option);
        }

        return group;
    }

    /// <summary>What opens the vault of that folder; asked for where nothing was named and somebody is there to ask.</summary>
    /// <exception cref="FormatException">It is sealed, and nothing says under what.</exception>
    public static async Task<VaultSeal> ReadAsync(ParseResult parsed, string folder, CancellationToken cancel)
    {
        var (kind, source) = (Vault.SealOf(folder), parsed.GetValue(Passphrase));
        if (kind.HasFlag(SealKind.Passphrase) && source is null && Console.IsInputRedirected)
            throw new FormatException($"The vault is sealed under a passphrase: {Passphrase.Name} says where it is.");
        if (kind.HasFlag(SealKind.KeyFile) && parsed.GetValue(KeyFile) is null)
            throw new FormatException($"The vault is sealed under a key file: {KeyFile.Name} says where it is.");
        var asked = source ?? (kind.HasFlag(SealKind.Passphrase) ? "-" : null);
        return new VaultSeal(
            asked is null ? null : await SecretAtHand.ReadCharsAsync(Passphrase.Name, asked, cancel),
            parsed.GetValue(KeyFile) is { } path ? await KeyFileAsync(path, cancel) : null);
    }

    /// <summary>What it is to be opened by from now on.</summary>
    public static async Task<VaultSeal> ReadNewAsync(ParseResult parsed, CancellationToken cancel)
    {
        var passphrase = parsed.GetValue(NewPassphrase) is { } source
            ? await SecretAtHand.ReadCharsAsync(NewPassphrase.Name, source, cancel)
            : null;
        if (parsed.GetValue(NewKeyFile) is not { } path) return new VaultSeal(passphrase, null);
        if (!File.Exists(path)) using (var fresh = Wire.SecretKey.Generate(32)) KeyAtHand.WriteNew(path, fresh);
        return new VaultSeal(passphrase, await KeyFileAsync(path, cancel));
    }

    private static Task<byte[]> KeyFileAsync(string path, CancellationToken cancel) =>
        new FileInfo(path).Length is >= VaultSeal.MinKeyFile and <= VaultSeal.MaxKeyFile
            ? File.ReadAllBytesAsync(path, cancel)
            : throw new FormatException($"{path}: a key file has {VaultSeal.MinKeyFile} to {VaultSeal.MaxKeyFile} octets.");
}
