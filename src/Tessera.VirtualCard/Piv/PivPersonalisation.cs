using Tessera.Cards;
using Tessera.Cards.Piv;
using Tessera.Wire;

namespace Tessera.VirtualCard.Piv;

/// <summary>What makes a card a PIV card. Zeroed when disposed.</summary>
public sealed class PivPersonalisation : IDisposable
{
    /// <summary>Of the card management key: triple DES or AES.</summary>
    public required PivAlgorithm ManagementAlgorithm { get; init; }

    /// <summary>The card management key, as long as its algorithm wants it. Owned from here on.</summary>
    public required SecretKey ManagementKey { get; init; }

    /// <summary>Names the card to its hosts (its CHUID).</summary>
    public required Guid Guid { get; init; }

    /// <summary>The last day of the card.</summary>
    public required DateOnly Expires { get; init; }

    /// <summary>The number that hosts of vendors ask for; they print one above 2^31 as negative.</summary>
    public required uint Serial { get; init; }

    /// <summary>Keys and certificates it is born with, each slot at most once. Owned from here on.</summary>
    public IReadOnlyList<PivCredential> Credentials { get; init; } = [];

    /// <summary>A PIV card of the lab, whose management key is the one that hosts try first.</summary>
    /// <param name="now">Its certificates are good from then on.</param>
    public static PivPersonalisation Demonstration(CardId card, DateTimeOffset now)
    {
        var holder = $"CN=Tessera card {card}";
        return Demonstration(
            card,
            now,
            PivCredential.SelfSigned(0x9A, PivAlgorithm.Rsa2048, holder, now),
            PivCredential.SelfSigned(0x9C, PivAlgorithm.P256, holder, now),
            PivCredential.SelfSigned(0x9D, PivAlgorithm.Rsa2048, holder, now),
            PivCredential.SelfSigned(0x9E, PivAlgorithm.P256, holder, now));
    }

    /// <summary>As <see cref="Demonstration(CardId, DateTimeOffset)"/>, with other keys or none.</summary>
    /// <param name="credentials">Owned from here on.</param>
    public static PivPersonalisation Demonstration(
        CardId card, DateTimeOffset now, params IReadOnlyList<PivCredential> credentials) =>
        new()
        {
            ManagementAlgorithm = PivAlgorithm.TripleDes,
            ManagementKey = DemonstrationKeys.CreatePivManagementKey(),
            Guid = Guid.NewGuid(),
            Expires = DateOnly.FromDateTime(now.UtcDateTime).AddYears(10),
            Serial = (uint)card.Value & int.MaxValue,
            Credentials = credentials,
        };

    public void Dispose()
    {
        ManagementKey.Dispose();
        foreach (var credential in Credentials) credential.Dispose();
    }
}
