namespace Tessera.VirtualCard.Memory;

/// <summary>What holds the octets of a card image: every physical access goes through it.</summary>
public interface IImageMedium : IDisposable
{
    /// <summary>How errors name it: the path of a file.</summary>
    string Name { get; }

    int Length { get; }

    /// <summary>Fills <paramref name="octets"/> from <paramref name="offset"/>; both lie inside the medium.</summary>
    void Read(int offset, Span<byte> octets);

    /// <summary>Writes at <paramref name="offset"/>; a short medium grows. Power may go in the middle.</summary>
    void Write(int offset, ReadOnlySpan<byte> octets);

    /// <summary>Returns when all that was written would outlive the loss of power.</summary>
    void Flush();
}
