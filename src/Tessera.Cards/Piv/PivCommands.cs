using Tessera.Wire;

namespace Tessera.Cards.Piv;

/// <summary>The names that a PIV card and its hosts share (NIST SP 800-73-5 parts 1 and 2).</summary>
public static class PivCommands
{
    public const byte GeneralAuthenticate = 0x87;
    public const byte GenerateAsymmetricKeyPair = 0x47;
    public const byte GetData = 0xCB;
    public const byte PutData = 0xDB;

    /// <summary>Key reference of the card management key.</summary>
    public const byte ManagementKey = 0x9B;

    /// <summary>The PIV application with its version 01 00 (part 1 §2.2).</summary>
    public static Bytes Aid { get; } = Bytes.FromHex("A0000003080000100001 00");

    /// <summary>The first octets of <see cref="Aid"/>, which name who registered it.</summary>
    public const int ProviderLength = 5;
}
