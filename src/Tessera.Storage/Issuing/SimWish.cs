using System.Security.Cryptography;
using Tessera.Cards.Issuing;

namespace Tessera.Storage.Issuing;

/// <summary>
/// What is wanted of the subscription of a SIM; what is null is chosen: an ICCID and an IMSI of the test network.
/// </summary>
public sealed record SimWish
{
    private const string TestIssuer = "8988211";
    private const string TestNetwork = "00101";

    /// <summary>With its check digit.</summary>
    public string? Iccid { get; init; }

    public string? Imsi { get; init; }

    /// <summary>Digits of the network code in the IMSI: 2 or 3.</summary>
    public int NetworkCodeDigits { get; init; } = 2;

    public string ServiceCentre { get; init; } = "+33639980000";

    public string Provider { get; init; } = "Tessera";

    /// <summary>The identity that a SIM of that number gets.</summary>
    /// <exception cref="FormatException">A field is not of its form.</exception>
    internal SimIdentity For(string msisdn)
    {
        var serial = $"{TestIssuer}{Digits(11)}";
        return new SimIdentity(
            Iccid ?? $"{serial}{SimIdentity.Luhn(serial)}", Imsi ?? $"{TestNetwork}{Digits(10)}", NetworkCodeDigits,
            $"+{msisdn}", ServiceCentre, Provider).Checked();
    }

    /// <summary>Whether a SIM that was begun is what is wanted.</summary>
    internal bool Is(SimIdentity begun) =>
        (Iccid is null || string.Equals(Iccid, begun.Iccid, StringComparison.Ordinal))
        && (Imsi is null || string.Equals(Imsi, begun.Imsi, StringComparison.Ordinal))
        && (NetworkCodeDigits, ServiceCentre, Provider) == (begun.NetworkCodeDigits, begun.ServiceCentre, begun.Provider);

    private static string Digits(int count) => RandomNumberGenerator.GetString("0123456789", count);
}
