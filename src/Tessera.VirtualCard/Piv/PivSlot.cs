namespace Tessera.VirtualCard.Piv;

/// <summary>When the holder has to say yes to a use of a key (NIST SP 800-73-5 part 1 table 5).</summary>
internal enum PinRule
{
    Never,

    /// <summary>Once after the application was selected.</summary>
    Once,

    /// <summary>Each use takes a VERIFY of its own.</summary>
    Always,
}

/// <summary>A place for an asymmetric key, and the object with its certificate.</summary>
/// <param name="Reference">P2 of the commands that mean it.</param>
/// <param name="Agrees">It agrees on keys (ECDH), as key management keys do.</param>
internal sealed record PivSlot(byte Reference, uint Certificate, PinRule Rule, bool Agrees)
{
    private const byte FirstRetired = 0x82;
    private const int RetiredCount = 20;
    private const uint FirstRetiredCertificate = 0x5FC10D;

    /// <summary>The order is that of the cells.</summary>
    public static IReadOnlyList<PivSlot> All { get; } =
    [
        new(0x9A, 0x5FC105, PinRule.Once, Agrees: false),
        new(0x9C, 0x5FC10A, PinRule.Always, Agrees: false),
        new(0x9D, 0x5FC10B, PinRule.Once, Agrees: true),
        new(0x9E, 0x5FC101, PinRule.Never, Agrees: false),
        .. Enumerable.Range(0, RetiredCount).Select(i => new PivSlot(
            (byte)(FirstRetired + i), FirstRetiredCertificate + (uint)i, PinRule.Once, Agrees: true)),
    ];

    public byte Cell => (byte)(CellId.PivKey + All.Index().First(slot => slot.Item == this).Index);

    public static PivSlot? Find(byte reference) => All.FirstOrDefault(slot => slot.Reference == reference);
}
