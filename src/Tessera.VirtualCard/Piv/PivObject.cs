namespace Tessera.VirtualCard.Piv;

/// <summary>A data object of the PIV application (NIST SP 800-73-5 part 1 table 3), without its tag 53.</summary>
/// <param name="Capacity">Octets it may have.</param>
/// <param name="NeedsPin">It is read after the PIN only.</param>
internal sealed record PivObject(uint Tag, int Capacity, bool NeedsPin = false)
{
    public const uint Chuid = 0x5FC102;
    public const uint Capabilities = 0x5FC107;

    private const int CertificateCapacity = 3072;

    /// <summary>The order is that of the cells.</summary>
    public static IReadOnlyList<PivObject> All { get; } =
    [
        new(Capabilities, 512),
        new(Chuid, 3072),
        new(0x5FC103, 4096, NeedsPin: true),  // fingerprints
        new(0x5FC106, 2048),                  // security object
        new(0x5FC108, 12800, NeedsPin: true), // facial image
        new(0x5FC109, 512, NeedsPin: true),   // printed information
        new(0x5FC10C, 256),                   // key history
        new(0x5FC121, 7168, NeedsPin: true),  // iris images
        new(0x5FC122, 2560),                  // certificate of the secure messaging signer
        new(0x5FC123, 16, NeedsPin: true),    // pairing code reference
        .. PivSlot.All.Select(slot => new PivObject(slot.Certificate, CertificateCapacity)),
    ];

    public byte Cell => (byte)(CellId.PivObject + All.Index().First(each => each.Item == this).Index);

    public static PivObject? Find(uint tag) => All.FirstOrDefault(each => each.Tag == tag);
}
