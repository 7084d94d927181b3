namespace Tessera.Phone.Sip;

/// <summary>The methods we know by name; they are told apart by case (RFC 3261 §7.1).</summary>
public static class SipMethod
{
    public const string Invite = "INVITE";
    public const string Ack = "ACK";
    public const string Cancel = "CANCEL";
    public const string Bye = "BYE";
    public const string Options = "OPTIONS";
    public const string Register = "REGISTER";

    /// <summary>Known, and refused: 405.</summary>
    internal static bool IsKnown(string method) => method is Invite or Ack or Cancel or Bye or Options or Register
        or "INFO" or "UPDATE" or "PRACK" or "SUBSCRIBE" or "NOTIFY" or "MESSAGE" or "REFER" or "PUBLISH";
}
