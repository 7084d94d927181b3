using Tessera.Cards;
using Tessera.VirtualCard.Sim.Authentication;
using Tessera.Wire;

namespace Tessera.VirtualCard;

/// <summary>Master keys that everybody knows, for cards of the lab: never a key of a real issuer.</summary>
/// <remarks>
/// <code>
/// purse   "Tessera purse" 00 00 7F
/// store   "Tessera store" 00 00 7F
/// ota     "Tessera ota" 00 00 00 00 7F
/// domain  "Tessera domain" 00 30
/// K       "Tessera sim key" 7F     of every demonstration SIM; OP is "Tessera operator"
/// piv     01 02 03 04 05 06 07 08 three times: the management key that PIV hosts try first
/// files   "Tessera files" 00 00 7F           key 1 of the MF; passwords 1 and 2 are 12345678 and 87654321
/// </code>
/// </remarks>
public static class DemonstrationKeys
{
    public const byte Version = 0x7F;
    public const string Pin = "123456";
    public const string Puk = "12345678";

    /// <summary>Of the telephony files of a SIM; its UNBLOCK CHV is <see cref="Puk"/>.</summary>
    public const string Chv1 = "1234";

    /// <summary>Of fixed numbers and charges; its UNBLOCK CHV is <see cref="Puk"/> too.</summary>
    public const string Chv2 = "5678";

    /// <summary>The code of the issuer for the telephony files of a SIM.</summary>
    public const string Administrator = "88888888";

    /// <summary>Of the keys of the issuer security domain.</summary>
    public const byte DomainVersion = 0x30;

    /// <summary>
    /// The master of the keys of issuer security domains, by <see cref="Kdf3"/>; the caller disposes it.
    /// </summary>
    public static SecretKey CreateDomain() => new([.. "Tessera domain"u8, 0, DomainVersion]);

    /// <summary>Of the test network's subscribers; the caller disposes it.</summary>
    public static SubscriberKey CreateSubscriber()
    {
        using var op = new SecretKey("Tessera operator"u8);
        return SubscriberKey.OfOperator(new SecretKey([.. "Tessera sim key"u8, Version]), op);
    }

    /// <summary>The caller disposes them.</summary>
    public static MasterKeys Create() => new(
        Version,
        purse: new SecretKey([.. "Tessera purse"u8, 0, 0, Version]),
        store: new SecretKey([.. "Tessera store"u8, 0, 0, Version]),
        ota: new SecretKey([.. "Tessera ota"u8, 0, 0, 0, 0, Version]));

    /// <summary>For triple DES. The caller disposes it.</summary>
    public static SecretKey CreatePivManagementKey() =>
        new([1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8]);
}
