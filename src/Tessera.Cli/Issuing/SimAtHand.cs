using System.CommandLine;
using Tessera.Cli.Keys;
using Tessera.Storage.Issuing;
using Tessera.VirtualCard.Sim.Authentication;

namespace Tessera.Cli.Issuing;

/// <summary>The options that say whose SIM a card becomes, and by what keys its network knows it.</summary>
internal static class SimAtHand
{
    private static readonly Option<string?> Iccid = Text("--iccid", "ICCID of a SIM with its check digit; a new one", "digits");
    private static readonly Option<string?> Imsi =
        Text("--imsi", "IMSI of a SIM; a new one of the test network 001 01", "digits");

    private static readonly Option<string?> Provider =
        Text("--provider", "What the phone shows for the network; Tessera", "name");

    private static readonly Option<string?> ServiceCentre =
        Text("--service-centre", "Number of the short message service centre; that of the lab", "number");

    private static readonly Option<int> NetworkDigits = new("--network-digits")
    {
        Description = "Digits of the network code in the IMSI.", HelpName = "2|3", DefaultValueFactory = _ => 2,
    };

    private static readonly Option<string?> Ki =
        KeyAtHand.Option("--ki", "K of a SIM, where its network chose it; that of the vault where it is not named");

    private static readonly Option<string?> Opc = KeyAtHand.Option("--opc", "OPc that goes with --ki");

    public static IReadOnlyList<Option> Options { get; } = [Iccid, Imsi, NetworkDigits, Provider, ServiceCentre, Ki, Opc];

    /// <exception cref="FormatException">An option is not of its form.</exception>
    public static SimWish Read(ParseResult parsed)
    {
        var wish = new SimWish
        {
            Iccid = parsed.GetValue(Iccid), Imsi = parsed.GetValue(Imsi), NetworkCodeDigits = parsed.GetValue(NetworkDigits),
        };
        return wish with
        {
            Provider = parsed.GetValue(Provider) ?? wish.Provider,
            ServiceCentre = parsed.GetValue(ServiceCentre) ?? wish.ServiceCentre,
        };
    }

    /// <summary>K and OPc that were given, for who disposes them; null for those of the vault.</summary>
    /// <exception cref="FormatException">Only one of them was named, or it is no such key.</exception>
    public static async Task<SubscriberKey?> KeysAsync(ParseResult parsed, CancellationToken cancel) =>
        (parsed.GetValue(Ki), parsed.GetValue(Opc)) switch
        {
            (null, null) => null,
            ({ } key, { } operatorKey) => new SubscriberKey(
                await KeyAtHand.ReadAsync(Ki.Name, key, cancel), await KeyAtHand.ReadAsync(Opc.Name, operatorKey, cancel)),
            _ => throw new FormatException($"{Ki.Name} and {Opc.Name} go together."),
        };

    private static Option<string?> Text(string name, string what, string help) =>
        new(name) { Description = $"{what} where it is not named.", HelpName = help };
}
