using System.CommandLine;
using Tessera.Cards.Piv;

namespace Tessera.Cli.Piv;

/// <summary>What verbs that make keys on PIV cards have in common.</summary>
internal static class PivOptions
{
    public static IReadOnlyDictionary<string, PivAlgorithm> KeyAlgorithms { get; } =
        new Dictionary<string, PivAlgorithm>(StringComparer.OrdinalIgnoreCase)
        {
            ["rsa2048"] = PivAlgorithm.Rsa2048,
            ["rsa3072"] = PivAlgorithm.Rsa3072,
            ["p256"] = PivAlgorithm.P256,
            ["p384"] = PivAlgorithm.P384,
        };

    public static Option<string> KeyAlgorithm() => Of("--algorithm", "The kind of the key.", KeyAlgorithms.Keys, "p256");

    public static Option<string> Of(string name, string description, IEnumerable<string> values, string value)
    {
        var option = new Option<string>(name) { Description = description, DefaultValueFactory = _ => value };
        option.AcceptOnlyFromAmong([.. values]);
        return option;
    }
}
