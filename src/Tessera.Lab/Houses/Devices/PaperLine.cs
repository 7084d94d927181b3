namespace Tessera.Lab.Houses.Devices;

/// <summary>Where on the paper a line stands.</summary>
public enum PaperPlace
{
    Left,
    Middle,
    Right,
}

/// <summary>A printed line.</summary>
/// <param name="IsCut">Below it the paper was cut.</param>
public sealed record PaperLine(string Text, bool IsBold, bool IsLarge, PaperPlace Place, bool IsCut);
