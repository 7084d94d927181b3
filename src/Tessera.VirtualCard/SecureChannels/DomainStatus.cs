using Tessera.Cards;

namespace Tessera.VirtualCard.SecureChannels;

/// <summary>Status words of a security domain (GlobalPlatform Card Specification §11.8).</summary>
internal static class DomainStatus
{
    public static readonly StatusWord AlgorithmNotSupported = new(0x9484);
    public static readonly StatusWord WrongCheckValue = new(0x9485);
}
