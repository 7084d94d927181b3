using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using Tessera.Cards;
using Tessera.Cli.Issuing;
using Tessera.Storage.Issuing;
using Tessera.Storage.Keys;
using Tessera.Wire;

namespace Tessera.Cli.Keys;

/// <summary>
/// <c>tessera vault subscribers</c>: what the authentication centre of a network has to know of SIMs, under a transport key
/// of which two officers have a component each.
/// </summary>
internal static class SubscriberExport
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Command Create()
    {
        var first = KeyAtHand.Option("--first", "The first component of the transport key");
        var second = KeyAtHand.Option("--second", "Its second component: the transport key is one xor the other");
        var output = new Option<string>("--out")
        {
            Description = "The file, for its owner only.", HelpName = "file", Required = true,
        };
        first.Required = second.Required = true;
        var command = new Command(
            "subscribers",
            "Give K, OPc and the administrative code of every SIM whose keys are of the vault to its network, wrapped under a "
            + "transport key of two components. Example: tessera vault subscribers --data data --first a.key --second b.key "
            + "--out auc.json")
        {
            IssuerAtHand.Data, IssuerAtHand.Operator, first, second, output, Verb.Json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            await using var issuer = await IssuerAtHand.OpenAsync(parsed, cancel);
            using var transport = Transport(
                await KeyAtHand.ReadAsync(first.Name, parsed.GetRequiredValue(first)!, cancel),
                await KeyAtHand.ReadAsync(second.Name, parsed.GetRequiredValue(second)!, cancel));
            var vault = await issuer.VaultAsync(cancel);
            List<object> subscribers = [];
            foreach (var sim in await issuer.Issuances.SimsAsync(cancel))
            {
                if (Wrapped(sim, vault, transport) is { } wrapped) subscribers.Add(wrapped);
                else Verb.Warn($"{sim.Sim!.Iccid} has keys that its network chose: they are not here.");
            }

            var check = KeyCheckValue.Of(transport).ToString();
            await issuer.ActAsync(
                "vault.subscribers", "", $"transport={check} subscribers={subscribers.Count}", cancel);
            var file = JsonSerializer.SerializeToUtf8Bytes(
                new { algorithm = "Milenage", wrapping = "AES key wrap with padding", transport = check, subscribers }, Json);
            await WriteNewAsync(parsed.GetRequiredValue(output), file, cancel);
            if (parsed.GetValue(Verb.Json)) Verb.PrintJson(new { transport = check, subscribers = subscribers.Count });
            else Console.WriteLine($"{subscribers.Count} subscribers, transport key {check}.");
        });
        return command;
    }

    private static async Task WriteNewAsync(string path, byte[] octets, CancellationToken cancel)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var file = new FileStream(path, options);
        await file.WriteAsync(octets, cancel);
        file.Flush(flushToDisk: true);
    }

    private static SecretKey Transport(SecretKey first, SecretKey second)
    {
        using (first)
        using (second)
        {
            if (first.Length != second.Length) throw new FormatException("The components of a key have one length.");
            var octets = first.Reveal().ToArray();
            for (var i = 0; i < octets.Length; i++) octets[i] ^= second.Reveal()[i];
            var key = new SecretKey(octets);
            CryptographicOperations.ZeroMemory(octets);
            return key;
        }
    }

    /// <summary>Null where the keys that the card has are not those of the vault.</summary>
    private static object? Wrapped(Issuance sim, Vault vault, SecretKey transport)
    {
        var issuer = vault.Find(sim.KeyVersion)
            ?? throw new InvalidDataException($"The vault has no keys of version {sim.KeyVersion:X2}, which {sim.Card} has.");
        using var keys = SubscriberKeys.Of(issuer.Cards, sim.Card);
        if (!sim.Checks.Contains(CardKeyChecks.OfK(keys))) return null;
        using var aes = transport.CreateAes();
        return new
        {
            iccid = sim.Sim!.Iccid,
            imsi = sim.Sim.Imsi,
            msisdn = sim.Sim.Msisdn,
            k = Convert.ToHexString(aes.EncryptKeyWrapPadded(keys.Key.Reveal())),
            kCheck = KeyCheckValue.Of(keys.Key).ToString(),
            opc = Convert.ToHexString(aes.EncryptKeyWrapPadded(keys.OperatorKey.Reveal())),
            opcCheck = KeyCheckValue.Of(keys.OperatorKey).ToString(),
            adm = Convert.ToHexString(aes.EncryptKeyWrapPadded(keys.Administrator.Reveal())),
        };
    }
}
