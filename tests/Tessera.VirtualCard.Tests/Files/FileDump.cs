using System.Text;
using Tessera.VirtualCard.Files;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;

namespace Tessera.VirtualCard.Tests.Files;

/// <summary>All that the files of an image hold, one line each, whatever pages they lie on.</summary>
internal static class FileDump
{
    private const string Tries = " tries ";

    public static string Of(byte[] image)
    {
        using var memory = CardMemory.Open(new CutMedium(image));
        var volume = new FileVolume(memory);
        var text = new StringBuilder();
        Write(volume, volume.Master, "", text);
        return text.ToString();
    }

    /// <summary>The second differs from the first in tries that are left, and there are fewer.</summary>
    public static bool IsTryTaken(string before, string after)
    {
        var (old, now) = (before.Split(Tries), after.Split(Tries));
        return old.Length == now.Length
            && old.Zip(now).All(pair => string.Equals(pair.First[1..], pair.Second[1..], StringComparison.Ordinal))
            && old.Zip(now).All(pair => pair.Second[0] <= pair.First[0]);
    }

    private static void Write(FileVolume volume, CardFile file, string path, StringBuilder text)
    {
        path += $"/{file.Id:X4}";
        text.AppendJoin(' ', path, Bytes.Of(file.Control), file.LifeCycle, "");
        if (file.Control.HasRecords)
            text.AppendJoin('|', new RecordStore(volume, file).All.Select(Convert.ToHexString));
        else if (file.Control.Kind == FileKind.Internal)
            Reference(volume.Read(file, 0, file.Control.Size), text);
        else
            text.Append(Convert.ToHexString(volume.Read(file, 0, file.Control.Size)));
        text.Append('\n');
        foreach (var child in file.Children.OrderBy(child => child.Id)) Write(volume, child, path, text);
    }

    private static void Reference(byte[] body, StringBuilder text)
    {
        text.Append(Tries).Append(body[2]);
        body[2] = 0;
        text.Append(Convert.ToHexString(body));
    }
}
