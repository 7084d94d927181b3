namespace Tessera.Phone.Sip;

/// <summary>How we call somebody.</summary>
public sealed record CallOptions
{
    /// <summary>Who we say we are. Default the endpoint itself, without a user.</summary>
    public NameAddress? From { get; init; }

    /// <summary>Answers challenges. Default null.</summary>
    public SipCredentials? Credentials { get; init; }

    /// <summary>What the peer should know for sure (RFC 3325), where it trusts us. Default null.</summary>
    public NameAddress? AssertedIdentity { get; init; }

    /// <summary>The number must not be shown: <c>Privacy: id</c> (RFC 3323). Default false.</summary>
    public bool Withheld { get; init; }

    /// <summary>Where the request goes, instead of where its URI leads. Default null.</summary>
    public SipUri? Proxy { get; init; }
}
