using System.CommandLine;
using Tessera.Storage.Keys;

namespace Tessera.Cli.Keys;

/// <summary>A vault by its check values.</summary>
internal sealed record VaultReport(string Current, IReadOnlyList<VaultVersion> Versions)
{
    public static VaultReport Of(Vault vault) => new(
        $"{vault.Current.Version:X2}",
        [
            .. vault.Versions.Select(each => new VaultVersion(
                $"{each.Version:X2}", each.Made,
                each.Checks.ToDictionary(
                    check => check.Purpose.ToString(), check => check.Value.ToString(), StringComparer.Ordinal))),
        ]);

    public void Print(ParseResult parsed)
    {
        if (parsed.GetValue(Verb.Json))
        {
            Verb.PrintJson(this);
            return;
        }

        foreach (var each in Versions)
        {
            Console.WriteLine(
                $"{each.Version} {each.Made:yyyy-MM-dd HH:mm}Z  "
                + string.Join("  ", each.Checks.Select(check => $"{check.Key} {check.Value}"))
                + (string.Equals(each.Version, Current, StringComparison.Ordinal) ? "  current" : ""));
        }
    }
}

/// <summary>One version in a <see cref="VaultReport"/>.</summary>
internal sealed record VaultVersion(string Version, DateTimeOffset Made, IReadOnlyDictionary<string, string> Checks);
