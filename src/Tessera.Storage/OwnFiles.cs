namespace Tessera.Storage;

/// <summary>Files that only their owner may read, written whole or not at all.</summary>
internal static class OwnFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
    }

    /// <exception cref="InvalidDataException">The file is missing or too long.</exception>
    public static async Task<byte[]> ReadAsync(string path, int most, CancellationToken cancel)
    {
        if (!File.Exists(path)) throw new InvalidDataException($"{path} is missing.");
        await using var file = File.OpenRead(path);
        if (file.Length > most) throw new InvalidDataException($"{path} has {file.Length} octets, above {most}.");
        var octets = new byte[file.Length];
        await file.ReadExactlyAsync(octets, cancel);
        return octets;
    }

    public static async Task WriteAsync(string path, byte[] octets, CancellationToken cancel)
    {
        await using var file = new FileStream(path, Options(FileMode.CreateNew));
        await file.WriteAsync(octets, cancel);
        file.Flush(flushToDisk: true);
    }

    /// <summary>The file takes the place of the old one in one step.</summary>
    public static async Task ReplaceAsync(string path, byte[] octets, CancellationToken cancel)
    {
        var fresh = path + ".new";
        if (File.Exists(fresh)) File.Delete(fresh);
        await WriteAsync(fresh, octets, cancel);
        File.Move(fresh, path, overwrite: true);
    }

    /// <summary>A secret that is not needed any more: overwritten, then deleted; nothing where it is not there.</summary>
    public static void Wipe(string path)
    {
        if (!File.Exists(path)) return;
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.None))
        {
            file.Write(new byte[file.Length]);
            file.Flush(flushToDisk: true);
        }

        File.Delete(path);
    }

    /// <summary>Nobody else gets it while the stream is open.</summary>
    /// <param name="doing">What another program is at, which has it.</param>
    /// <exception cref="IOException">Somebody has it.</exception>
    public static FileStream Hold(string path, string doing)
    {
        try
        {
            return new FileStream(path, Options(FileMode.OpenOrCreate));
        }
        catch (IOException busy)
        {
            throw new IOException($"{path}: another program is {doing}; try again.", busy);
        }
    }

    private static FileStreamOptions Options(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        return options;
    }
}
