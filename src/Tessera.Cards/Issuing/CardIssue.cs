using Tessera.Cards.Biometrics;
using Tessera.Cards.Pins;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.Wire;

namespace Tessera.Cards.Issuing;

/// <summary>What a blank card becomes. Zeroed when disposed.</summary>
public sealed class CardIssue : IDisposable
{
    public required CardId Card { get; init; }

    /// <summary>Version of the issuer's master keys that all keys below come from, 01 to 7F.</summary>
    public required byte KeyVersion { get; init; }

    /// <summary>Owned from here on.</summary>
    public required CardKeys Keys { get; init; }

    /// <summary>Owned from here on.</summary>
    public required PinBlock Pin { get; init; }

    /// <summary>Owned from here on.</summary>
    public required PinBlock Puk { get; init; }

    /// <summary>Currency and greatest balance; null for a card that gets no purse.</summary>
    public PurseTraits? Purse { get; init; }

    /// <summary>It gets a data store. Default yes.</summary>
    public bool HasStore { get; init; } = true;

    /// <summary>What the data store holds at first, each field once.</summary>
    public IReadOnlyList<FirstField> Fields { get; init; } = [];

    /// <summary>Of the secured packets of a SIM; null for a card that is none. Owned from here on.</summary>
    public OtaKeys? Ota { get; init; }

    /// <summary>The subscription of a SIM; null leaves that of its maker. Owned from here on.</summary>
    public SimIssue? Sim { get; init; }

    /// <summary>AES-128, for a card that has the PIV application; null for one that has not. Owned from here on.</summary>
    public SecretKey? PivManagementKey { get; init; }

    /// <summary>A finger that verifies the holder as the PIN does; null for none. Owned from here on.</summary>
    public FingerTemplate? Finger { get; init; }

    /// <summary>The applets that the issuer may leave out, and whether this card has them.</summary>
    internal IReadOnlyList<(Bytes Aid, bool IsWanted)> Applets =>
        [(PurseCommands.Aid, Purse is not null), (StoreCommands.Aid, HasStore)];

    public void Dispose()
    {
        Keys.Dispose();
        Pin.Dispose();
        Puk.Dispose();
        Ota?.Dispose();
        Sim?.Dispose();
        PivManagementKey?.Dispose();
        Finger?.Dispose();
    }
}

/// <summary>A field of the data store as a card gets it first (docs/protocols/store.md §2).</summary>
/// <param name="Version">0001 to FFFF.</param>
/// <param name="Content">0 to 128 octets.</param>
/// <param name="Definition">What it is, and its rules; null for octets that anybody is told.</param>
public sealed record FirstField(byte Id, ushort Version, Bytes Content, FieldDefinition? Definition = null);
