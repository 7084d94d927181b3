using Tessera.VirtualCard.Sim.Files;

namespace Tessera.VirtualCard.Sim.Usim;

/// <summary>What a channel has selected on the UICC; volatile.</summary>
internal sealed class UiccSelection
{
    public DedicatedFile Directory { get; private set; } = SimFiles.Master;

    public ElementaryFile? File { get; private set; }

    /// <summary>The current record, from 1; 0 before there is one.</summary>
    public int Record { get; set; }

    /// <summary>The application whose session is open: 7FFF names its ADF.</summary>
    public DedicatedFile? Application { get; private set; }

    public void Enter(DedicatedFile directory)
    {
        (Directory, File, Record) = (directory, null, 0);
        if (directory == UsimFiles.Usim) Application = directory;
    }

    /// <summary>By SELECT: no record is current but the newest of a cyclic file.</summary>
    public void Enter(ElementaryFile file) =>
        (Directory, File, Record) = (file.Parent, file, file.IsCyclic ? 1 : 0);

    /// <summary>By its short identifier, which does not move within the file that is current already.</summary>
    public void EnterShort(ElementaryFile file)
    {
        if (File != file) Enter(file);
    }
}
