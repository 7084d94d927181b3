using Tessera.Wire;

namespace Tessera.VirtualCard;

/// <summary>A file that a card is born with (docs/protocols/card.md §3).</summary>
/// <param name="Control">File control parameters, the objects inside a template 62 (ISO/IEC 7816-4:2005 §5.3.3).</param>
/// <param name="Content">The first octets of a file without records.</param>
public sealed record InitialFile(Bytes Control, Bytes Content = default)
{
    /// <summary>In the order of APPEND RECORD.</summary>
    public IReadOnlyList<Bytes> Records { get; init; } = [];

    /// <summary>What is in a directory.</summary>
    public IReadOnlyList<InitialFile> Children { get; init; } = [];

    /// <summary>File management data, the objects inside a template 64.</summary>
    public Bytes Management { get; init; }
}
