namespace Tessera.Gateway;

/// <summary>What became of a text for a phone.</summary>
public enum TextFate
{
    /// <summary>The phone has it.</summary>
    Delivered = 1,

    /// <summary>It will never arrive.</summary>
    Failed = 2,

    /// <summary>Its time is over and nobody said what became of it.</summary>
    Lapsed = 3,
}
