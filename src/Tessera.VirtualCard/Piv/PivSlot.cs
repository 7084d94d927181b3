using Tessera.Cards.Piv;

namespace Tessera.VirtualCard.Piv;

/// <summary>When the holder has to say yes to a use of a key (NIST SP 800-73-5 part 1).</summary>
internal enum PinRule
{
    Never,

    /// <summary>Once after the application was selected.</summary>
    Once,

    /// <summary>Each use takes a VERIFY of its own.</summary>
    Always,
}

/// <summary>A place for an asymmetric key.</summary>
/// <param name="Reference">P2 of the commands that mean it.</param>
/// <param name="Cell">Where the key is kept.</param>
internal sealed record PivSlot(byte Reference, byte Cell)
{
    public static IReadOnlyList<PivSlot> All { get; } =
        [.. PivKeyReference.All.Select((reference, i) => new PivSlot(reference, (byte)(CellId.PivKey + i)))];

    /// <summary>The tag of the object with the certificate.</summary>
    public uint Certificate { get; } = PivKeyReference.Certificate(Reference)!.Value;

    public PinRule Rule { get; } = Reference switch
    {
        PivKeyReference.Signature => PinRule.Always,
        PivKeyReference.CardAuthentication => PinRule.Never,
        _ => PinRule.Once,
    };

    /// <summary>It agrees on keys (ECDH), as key management keys do.</summary>
    public bool Agrees { get; } = Reference
        is PivKeyReference.KeyManagement or (>= PivKeyReference.FirstRetired and <= PivKeyReference.LastRetired);

    public static PivSlot? Find(byte reference) => All.FirstOrDefault(slot => slot.Reference == reference);
}
