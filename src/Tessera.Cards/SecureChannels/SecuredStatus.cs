namespace Tessera.Cards.SecureChannels;

/// <summary>Which answers carry a code (GlobalPlatform Amendment D §6.2.5).</summary>
public static class SecuredStatus
{
    /// <summary>9000 and the warnings 62xx and 63xx do; an error has neither data nor code.</summary>
    public static bool IsSecured(this StatusWord status) => status.IsSuccess || status.Sw1 is 0x62 or 0x63;
}
