namespace Tessera.VirtualCard.Piv;

/// <summary>A data object of the PIV application (NIST SP 800-73-5 part 1), without its tag 53.</summary>
/// <param name="Cell">Where it is kept.</param>
/// <param name="Capacity">Octets it may have.</param>
/// <param name="NeedsPin">It is read after the PIN only.</param>
internal sealed record PivObject(uint Tag, byte Cell, int Capacity, bool NeedsPin)
{
    public const uint Chuid = 0x5FC102;
    public const uint Capabilities = 0x5FC107;

    /// <summary>
    /// What a vendor's host notes of its management of the card: it writes this behind each new management key.
    /// </summary>
    public const uint Management = 0x5FFF00;

    private const uint PrintedInformation = 0x5FC109;

    private const int CertificateCapacity = 3072;

    public static IReadOnlyList<PivObject> All { get; } =
    [
        .. Kinds().Select((kind, i) =>
            new PivObject(kind.Tag, (byte)(CellId.PivObject + i), kind.Capacity, kind.NeedsPin)),
        new PivObject(Management, CellId.PivManagement, 128, NeedsPin: false),
    ];

    /// <summary>A finger opens it as the PIN does.</summary>
    public bool TakesFinger => Tag == PrintedInformation;

    public static PivObject? Find(uint tag) => All.FirstOrDefault(each => each.Tag == tag);

    /// <summary>In the order of their cells, which never changes.</summary>
    private static (uint Tag, int Capacity, bool NeedsPin)[] Kinds() =>
    [
        (Capabilities, 512, false),
        (Chuid, 3072, false),
        (0x5FC103, 4096, true), // fingerprints
        (0x5FC106, 2048, false), // security object
        (0x5FC108, 12800, true), // facial image
        (PrintedInformation, 512, true),
        (0x5FC10C, 256, false), // key history
        (0x5FC121, 7168, true), // iris images
        (0x5FC122, 2560, false), // certificate of the secure messaging signer
        (0x5FC123, 16, true), // pairing code reference
        .. PivSlot.All.Select(slot => (slot.Certificate, CertificateCapacity, false)),
    ];
}
