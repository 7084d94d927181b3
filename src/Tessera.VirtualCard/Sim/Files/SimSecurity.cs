using Tessera.VirtualCard.Memory;

namespace Tessera.VirtualCard.Sim.Files;

/// <summary>Who is known to be there, for both classes and all channels: CHV1, CHV2 and the issuer.</summary>
internal sealed class SimSecurity(CardMemory memory)
{
    public Chv Chv1 { get; } = new(memory, CellId.Chv1, CellId.UnblockChv1);

    public Chv Chv2 { get; } = new(memory, CellId.Chv2, CellId.UnblockChv2);

    public AdministrativeCode Administrator { get; } = new(memory);

    public bool Grants(SimAccess access) => access switch
    {
        SimAccess.Always => true,
        SimAccess.Chv1 => Chv1.IsSatisfied,
        SimAccess.Chv2 => Chv2.IsSatisfied,
        SimAccess.Administrator => Administrator.IsSatisfied,
        _ => false,
    };

    /// <summary>Power is gone.</summary>
    public void Forget()
    {
        Chv1.Forget();
        Chv2.Forget();
        Administrator.Forget();
    }
}
