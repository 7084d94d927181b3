namespace Tessera.VirtualCard.Sim.Files;

/// <summary>How the octets of a file are arranged; the values are those of 3GPP TS 51.011 §9.3.</summary>
internal enum SimStructure : byte
{
    Transparent = 0,
    LinearFixed = 1,
    Cyclic = 3,
}

/// <summary>A directory of the SIM: MF, DF, or the ADF of an application.</summary>
internal sealed record DedicatedFile(ushort Id, DedicatedFile? Parent);

/// <summary>
/// A file of the SIM with octets in it. The octets are those of a cell of the image: several files may share one, as
/// those do that both the SIM and the USIM have.
/// </summary>
/// <param name="Size">Octets that it is made with.</param>
/// <param name="RecordLength">0 where it is transparent.</param>
internal sealed record ElementaryFile(
    ushort Id, DedicatedFile Parent, byte Cell, int Size, AccessConditions Access, int RecordLength = 0)
{
    /// <summary>The newest record of a cyclic file is its first.</summary>
    public bool IsCyclic { get; init; }

    /// <summary>Short identifier in its directory, 1 to 30; null for none. Class A0 knows none.</summary>
    public byte? ShortId { get; init; }

    public bool IsTransparent => RecordLength == 0;

    public SimStructure Structure =>
        IsTransparent ? SimStructure.Transparent : IsCyclic ? SimStructure.Cyclic : SimStructure.LinearFixed;
}
