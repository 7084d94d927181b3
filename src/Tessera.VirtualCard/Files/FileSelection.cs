namespace Tessera.VirtualCard.Files;

/// <summary>What a channel has selected among the files, and whom it has authenticated; all of it is volatile.</summary>
internal sealed class FileSelection
{
    /// <summary>Null for the MF.</summary>
    public CardFile? Directory { get; private set; }

    public CardFile? Elementary { get; private set; }

    /// <summary>The current record, from 1; 0 before there is one.</summary>
    public int Record { get; set; }

    /// <summary>Passwords and keys that were presented.</summary>
    public HashSet<CardFile> Granted { get; } = [];

    /// <summary>What the card asked to be authenticated over; used once.</summary>
    public byte[] Challenge { get; set; } = [];

    /// <summary>Makes a file the current one. What was granted by a directory that is left is lost.</summary>
    public void Enter(CardFile file)
    {
        (Directory, Elementary, Record) = (file.IsDirectory ? file : file.Parent!, file.IsDirectory ? null : file, 0);
        var kept = Directory.Ancestry.ToHashSet();
        Granted.RemoveWhere(reference => !kept.Contains(reference.Parent!));
    }

    /// <summary>A short identifier names another file than the current one.</summary>
    public void EnterElementary(CardFile file)
    {
        if (Elementary != file) (Elementary, Record) = (file, 0);
    }
}
