using Tessera.Wire;

namespace Tessera.Cards.Biometrics;

/// <summary>The commands for the finger that a card knows (docs/protocols/finger.md §2).</summary>
public static class FingerCommands
{
    /// <summary>VERIFY whose data field is data objects.</summary>
    public const byte Verify = 0x21;

    /// <summary>P2: specific reference data, number 1.</summary>
    public const byte Reference = 0x81;

    /// <summary>
    /// VERIFY without data: 9000 verified, 63CX not verified and X tries left, 6983 blocked, 6A88 the card knows no finger.
    /// </summary>
    public static CommandApdu Status { get; } = new(0x00, Verify, 0x00, Reference);

    /// <summary>VERIFY of a finger.</summary>
    /// <param name="finger">The command is made of its octets: good until it is disposed.</param>
    public static CommandApdu Of(FingerTemplate finger) => Status with { Data = new Bytes(finger.Memory) };
}
