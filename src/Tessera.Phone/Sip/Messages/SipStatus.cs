namespace Tessera.Phone.Sip;

/// <summary>
/// Status codes of responses (RFC 3261 §21) that we send or look for; a peer may send any from 100 to 699.
/// </summary>
public enum SipStatus
{
    Trying = 100,
    Ringing = 180,
    SessionProgress = 183,
    Ok = 200,
    MovedTemporarily = 302,
    BadRequest = 400,
    Unauthorized = 401,
    Forbidden = 403,
    NotFound = 404,
    MethodNotAllowed = 405,
    NotAcceptable = 406,
    ProxyAuthenticationRequired = 407,
    RequestTimeout = 408,
    UnsupportedMediaType = 415,
    RequestUriTooLong = 414,
    UnsupportedUriScheme = 416,
    BadExtension = 420,
    IntervalTooBrief = 423,
    TemporarilyUnavailable = 480,
    CallDoesNotExist = 481,
    LoopDetected = 482,
    TooManyHops = 483,
    BusyHere = 486,
    RequestTerminated = 487,
    NotAcceptableHere = 488,
    RequestPending = 491,
    ServerInternalError = 500,
    NotImplemented = 501,
    ServiceUnavailable = 503,
    VersionNotSupported = 505,
    MessageTooLarge = 513,
    Decline = 603,
}

/// <summary>What the classes of a status mean.</summary>
public static class SipStatusClass
{
    public static bool IsProvisional(this SipStatus status) => (int)status < 200;

    public static bool IsSuccess(this SipStatus status) => (int)status is >= 200 and < 300;

    /// <summary>The phrase of RFC 3261 §21; for a status we do not know, that of its class.</summary>
    public static string Reason(this SipStatus status) => status switch
    {
        SipStatus.Trying => "Trying",
        SipStatus.Ringing => "Ringing",
        SipStatus.SessionProgress => "Session Progress",
        SipStatus.Ok => "OK",
        SipStatus.MovedTemporarily => "Moved Temporarily",
        SipStatus.BadRequest => "Bad Request",
        SipStatus.Unauthorized => "Unauthorized",
        SipStatus.Forbidden => "Forbidden",
        SipStatus.NotFound => "Not Found",
        SipStatus.MethodNotAllowed => "Method Not Allowed",
        SipStatus.NotAcceptable => "Not Acceptable",
        SipStatus.ProxyAuthenticationRequired => "Proxy Authentication Required",
        SipStatus.RequestTimeout => "Request Timeout",
        SipStatus.UnsupportedMediaType => "Unsupported Media Type",
        SipStatus.RequestUriTooLong => "Request-URI Too Long",
        SipStatus.UnsupportedUriScheme => "Unsupported URI Scheme",
        SipStatus.BadExtension => "Bad Extension",
        SipStatus.IntervalTooBrief => "Interval Too Brief",
        SipStatus.TemporarilyUnavailable => "Temporarily Unavailable",
        SipStatus.CallDoesNotExist => "Call/Transaction Does Not Exist",
        SipStatus.LoopDetected => "Loop Detected",
        SipStatus.TooManyHops => "Too Many Hops",
        SipStatus.BusyHere => "Busy Here",
        SipStatus.RequestTerminated => "Request Terminated",
        SipStatus.NotAcceptableHere => "Not Acceptable Here",
        SipStatus.RequestPending => "Request Pending",
        SipStatus.ServerInternalError => "Server Internal Error",
        SipStatus.NotImplemented => "Not Implemented",
        SipStatus.ServiceUnavailable => "Service Unavailable",
        SipStatus.VersionNotSupported => "Version Not Supported",
        SipStatus.MessageTooLarge => "Message Too Large",
        SipStatus.Decline => "Decline",
        _ => ((int)status / 100) switch
        {
            1 => "Progress",
            2 => "Success",
            3 => "Redirection",
            4 => "Client Error",
            5 => "Server Error",
            _ => "Global Failure",
        },
    };
}
