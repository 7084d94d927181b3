namespace Tessera.Phone.Sip;

/// <summary>Who sends sound (RFC 3264 §5.1), seen from the side whose description or agreement it stands in.</summary>
[Flags]
public enum AudioDirection
{
    Inactive = 0,
    SendOnly = 1,
    ReceiveOnly = 2,
    SendReceive = SendOnly | ReceiveOnly,
}

/// <summary>The attributes of the directions.</summary>
internal static class AudioDirections
{
    public static string Attribute(this AudioDirection direction) => direction switch
    {
        AudioDirection.SendReceive => "sendrecv",
        AudioDirection.SendOnly => "sendonly",
        AudioDirection.ReceiveOnly => "recvonly",
        _ => "inactive",
    };

    public static AudioDirection? Named(string attribute) => attribute switch
    {
        "sendrecv" => AudioDirection.SendReceive,
        "sendonly" => AudioDirection.SendOnly,
        "recvonly" => AudioDirection.ReceiveOnly,
        "inactive" => AudioDirection.Inactive,
        _ => null,
    };

    /// <summary>The same, seen from the other side.</summary>
    public static AudioDirection Turned(this AudioDirection direction) =>
        (direction.HasFlag(AudioDirection.SendOnly) ? AudioDirection.ReceiveOnly : AudioDirection.Inactive)
        | (direction.HasFlag(AudioDirection.ReceiveOnly) ? AudioDirection.SendOnly : AudioDirection.Inactive);
}
