using Tessera.VirtualCard.Memory;
using Tessera.Wire;

namespace Tessera.VirtualCard.Files;

/// <summary>The pages of an image for a card that is born with files.</summary>
internal static class FileImage
{
    /// <param name="master">The MF, with all that is in it.</param>
    /// <param name="count">Pages of 256 octets each; every file takes one more than its body.</param>
    /// <exception cref="ArgumentException">A file cannot be, or there is no room for all of them.</exception>
    public static IReadOnlyList<Bytes> Pages(InitialFile master, int count)
    {
        if (Parameters(master) is not { Id: FileControl.MasterId, IsDirectory: true, IsShareable: true } control)
            throw new ArgumentException("The first file is the MF: a directory 3F00, shareable.", nameof(master));

        var scratch = new MemoryMedium();
        var pages = new Bytes[count];
        pages[0] = new Bytes(FileVolume.WriteMaster(control, master.Management));
        CardMemory.Format(scratch, [], pages);
        using (var memory = CardMemory.Open(scratch))
        {
            var volume = new FileVolume(memory);
            Fill(memory, volume, volume.Master, master);
            for (var page = 0; page < count; page++) pages[page] = Bytes.CopyOf(memory.Read(Cell.FirstPage + page));
        }

        scratch.Write(0, new byte[scratch.Length]);
        return pages;
    }

    private static FileControl Parameters(InitialFile file)
    {
        try
        {
            return file.Control.Read<FileControl>();
        }
        catch (WireFormatException wrong)
        {
            throw new ArgumentException($"File control parameters {file.Control}: {wrong.Message}", nameof(file), wrong);
        }
    }

    private static void Fill(CardMemory memory, FileVolume volume, CardFile made, InitialFile file)
    {
        var control = made.Control;
        if (file.Content.Length > control.Size || (file.Records.Count > 0 && !control.HasRecords)) throw NoRoom(file);
        for (var at = 0; at < file.Content.Length; at += FileContext.MaxWrite)
        {
            using var change = memory.Begin();
            var end = Math.Min(file.Content.Length, at + FileContext.MaxWrite);
            volume.Write(change, made, at, file.Content.Span[at..end]);
            change.Commit();
        }

        var records = new RecordStore(volume, made);
        foreach (var record in file.Records)
        {
            using var change = memory.Begin();
            if (!records.Takes(record.Length) || !records.TryAppend(change, record.Span)) throw NoRoom(file);
            change.Commit();
        }

        foreach (var child in file.Children) Fill(memory, volume, Create(memory, volume, made, child), child);
    }

    private static CardFile Create(CardMemory memory, FileVolume volume, CardFile directory, InitialFile file)
    {
        var control = Parameters(file);
        using var change = memory.Begin();
        if (!directory.IsDirectory || directory.Child(control.Id) is not null
            || volume.Create(change, directory, control, file.Management) is not { } made)
            throw NoRoom(file);
        change.Commit();
        return made;
    }

    private static ArgumentException NoRoom(InitialFile file) =>
        new($"There is no room for file {file.Control} or for its content.", nameof(file));
}
