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
        if (file is not null) return Use(file, structure, mode, instruction, out refused);
        refused = sfi == 0 ? FileStatus.NoCurrentFile : StatusWord.FileNotFound;
        return null;
    }

    /// <summary>That elementary file, which becomes the current one.</summary>
    /// <param name="refused">Why it may not be used so; the current file stays what it was.</param>
    public CardFile? Use(
        CardFile file, Func<FileControl, bool> structure, AccessMode mode, byte instruction, out StatusWord refused)
    {
        refused =
            !structure(file.Control) ? FileStatus.NotForThisStructure
            : Security.Refuse(file, mode, instruction) is { } because ? because
            : !file.Control.IsShareable && IsElsewhere(file) ? StatusWord.ConditionsNotSatisfied
            : StatusWord.Success;
        if (!refused.IsSuccess) return null;
        Selection.EnterElementary(file);
        return file;
    }

    /// <summary>Octets of an answer that a command asks for; all that there are for Le 00, and without one.</summary>
    public static int Wanted(CommandApdu command, int left) => Math.Min(command.Le ?? LongestShort, left);

    /// <summary>9000, or 6282 where a host asked for more than there is.</summary>
    public static ResponseApdu Answer(CommandApdu command, byte[] octets, int left) =>
        Answer(command, new Bytes(octets), command.Le > left);

    /// <inheritdoc cref="Answer(CommandApdu, byte[], int)"/>
    public static ResponseApdu Answer(CommandApdu command, Bytes answer, bool isShort)
    {
        var isAll = command.Le is null or LongestShort or CommandApdu.MaxExtendedLe;
        return new ResponseApdu(answer, isShort && !isAll ? FileStatus.EndReached : StatusWord.Success);
    }
}
