namespace Tessera.VirtualCard.Sim.Files;

/// <summary>Who may do something with a file (3GPP TS 51.011 §7.3); the values are those of its coding.</summary>
internal enum SimAccess : byte
{
    Always = 0x0,
    Chv1 = 0x1,
    Chv2 = 0x2,
    Administrator = 0x4,
    Never = 0xF,
}

/// <summary>Who may do what with a file; SEEK is a reading, and only a cyclic file is increased.</summary>
internal sealed record AccessConditions(SimAccess Read, SimAccess Update)
{
    public SimAccess Increase { get; init; } = SimAccess.Never;

    /// <summary>ACTIVATE FILE of the UICC.</summary>
    public SimAccess Rehabilitate { get; init; } = SimAccess.Administrator;

    /// <summary>DEACTIVATE FILE of the UICC.</summary>
    public SimAccess Invalidate { get; init; } = SimAccess.Administrator;
}
