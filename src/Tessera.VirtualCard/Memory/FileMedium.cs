using Microsoft.Win32.SafeHandles;

namespace Tessera.VirtualCard.Memory;

/// <summary>A card image in one file, locked against a second use and flushed to the disk itself.</summary>
/// <remarks>It holds keys, PIN and PUK in clear, as the silicon of a card does: only its owner may read it.</remarks>
public sealed class FileMedium : IImageMedium
{
    private readonly FileStream _stream;

    private FileMedium(string path, FileMode mode)
    {
        Name = path;
        var options = new FileStreamOptions
        {
            Mode = mode,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
        };
        if (mode == FileMode.CreateNew && !OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        _stream = new FileStream(path, options);
    }

    public string Name { get; }

    public int Length => (int)Math.Min(RandomAccess.GetLength(Handle), int.MaxValue);

    private SafeFileHandle Handle => _stream.SafeFileHandle;

    /// <exception cref="IOException">The file exists.</exception>
    public static FileMedium Create(string path) => new(path, FileMode.CreateNew);

    /// <exception cref="IOException">The file does not exist, or another card uses it.</exception>
    public static FileMedium Open(string path) => new(path, FileMode.Open);

    public void Read(int offset, Span<byte> octets)
    {
        while (!octets.IsEmpty)
        {
            var count = RandomAccess.Read(Handle, octets, offset);
            if (count == 0) throw new EndOfStreamException($"{Name} ends at octet {offset}.");
            octets = octets[count..];
            offset += count;
        }
    }

    public void Write(int offset, ReadOnlySpan<byte> octets) => RandomAccess.Write(Handle, octets, offset);

    public void Flush() => RandomAccess.FlushToDisk(Handle);

    public void Dispose() => _stream.Dispose();
}
