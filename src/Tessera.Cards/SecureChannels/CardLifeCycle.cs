namespace Tessera.Cards.SecureChannels;

/// <summary>Life cycle state of a card, which is that of its issuer domain (GlobalPlatform Card Specification §5.1.1).</summary>
public enum CardLifeCycle : byte
{
    /// <summary>It has the keys of its maker and waits for its issuer.</summary>
    Initialized = 0x07,

    /// <summary>It is personalised and in use.</summary>
    Secured = 0x0F,

    /// <summary>It is nothing any more, for ever.</summary>
    Terminated = 0xFF,
}
