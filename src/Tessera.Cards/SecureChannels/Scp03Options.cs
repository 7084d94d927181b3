namespace Tessera.Cards.SecureChannels;

/// <summary>Parameter i: what a card's SCP03 can do (GlobalPlatform Amendment D §5.1).</summary>
[Flags]
public enum Scp03Options : byte
{
    /// <summary>The card's challenge is random, its answers are as they are.</summary>
    None = 0x00,

    /// <summary>The card's challenge follows from a sequence counter, so it can be known before.</summary>
    PseudoRandomChallenge = 0x10,

    ResponseMac = 0x20,

    /// <summary>With <see cref="ResponseMac"/> only.</summary>
    ResponseEncryption = 0x40,
}

/// <summary>What protects the commands and answers of a session (GlobalPlatform Amendment D §7.1.2).</summary>
[Flags]
public enum SecurityLevel : byte
{
    /// <summary>Both ends are authenticated, nothing more.</summary>
    None = 0x00,

    CommandMac = 0x01,
    CommandEncryption = 0x02,
    ResponseMac = 0x10,
    ResponseEncryption = 0x20,
}

/// <summary>Which levels there are, and which of them a card has.</summary>
public static class SecurityLevels
{
    /// <summary>00, 01, 03, 11, 13 and 33, rising.</summary>
    public static IReadOnlyList<SecurityLevel> All { get; } =
    [
        SecurityLevel.None, (SecurityLevel)0x01, (SecurityLevel)0x03, (SecurityLevel)0x11, (SecurityLevel)0x13,
        (SecurityLevel)0x33,
    ];

    /// <summary>The values of parameter i that are defined for challenges of 8 octets.</summary>
    public static IReadOnlyList<Scp03Options> AllOptions { get; } =
    [
        Scp03Options.None, (Scp03Options)0x10, (Scp03Options)0x20, (Scp03Options)0x30, (Scp03Options)0x60,
        (Scp03Options)0x70,
    ];

    /// <summary>The strongest that a card has.</summary>
    public static SecurityLevel StrongestOf(Scp03Options card) => All.Last(level => level.IsOffered(card));

    /// <summary>It is one of <see cref="All"/>, and the card can do what it asks of answers.</summary>
    public static bool IsOffered(this SecurityLevel level, Scp03Options card) =>
        All.Contains(level)
        && (!level.HasFlag(SecurityLevel.ResponseMac) || card.HasFlag(Scp03Options.ResponseMac))
        && (!level.HasFlag(SecurityLevel.ResponseEncryption) || card.HasFlag(Scp03Options.ResponseEncryption));
}
