using Tessera.Cards;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Os;
using Tessera.Wire;

namespace Tessera.VirtualCard.Files;

/// <summary>What all commands of the file system work on.</summary>
internal sealed record FileContext(
    CardMemory Memory, FileVolume Volume, PerChannel<FileSelection> Selections, FileSecurity Security)
{
    /// <summary>Most octets that one command writes: its transaction must fit the log.</summary>
    public const int MaxWrite = CommandChain.MaxData;

    private const int LongestShort = CommandApdu.MaxShortLe;

    public FileSelection Selection => Selections.Value;

    public CardFile Directory => Selection.Directory ?? Volume.Master;

    /// <summary>Another channel has the file, or one below, for itself.</summary>
    public bool IsElsewhere(CardFile file) => Selections.All
        .Where(other => other != Selection)
        .SelectMany(other => new[] { other.Directory, other.Elementary })
        .Any(current => current is not null && current.Ancestry.Contains(file));

    /// <summary>The elementary file that a command means: of a short identifier, or for 0 the current one.</summary>
    /// <param name="refused">Why there is none, or why it may not be used so.</param>
    public CardFile? Find(
        int sfi, Func<FileControl, bool> structure, AccessMode mode, byte instruction, out StatusWord refused)
    {
        var file = sfi == 0 ? Selection.Elementary : Directory.Children.Find(child => child.Control.Sfi == sfi);
        refused = file switch
        {
            null => sfi == 0 ? FileStatus.NoCurrentFile : StatusWord.FileNotFound,
            _ when !structure(file.Control) => FileStatus.NotForThisStructure,
            _ => Security.Refuse(file, mode, instruction) ?? StatusWord.Success,
        };
        if (file is null || !refused.IsSuccess) return null;
        Selection.EnterElementary(file);
        return file;
    }

    /// <summary>Octets of an answer that a command asks for; all that there are for Le 00, and without one.</summary>
    public static int Wanted(CommandApdu command, int left) => Math.Min(command.Le ?? LongestShort, left);

    /// <summary>9000, or 6282 where a host asked for more than there is.</summary>
    public static ResponseApdu Answer(CommandApdu command, byte[] octets, int left)
    {
        var isAll = command.Le is null or LongestShort or CommandApdu.MaxExtendedLe;
        return new ResponseApdu(
            new Bytes(octets), isAll || command.Le <= left ? StatusWord.Success : FileStatus.EndReached);
    }
}
