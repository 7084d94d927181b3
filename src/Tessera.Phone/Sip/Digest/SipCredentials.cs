namespace Tessera.Phone.Sip;

/// <summary>A user and the password that only it and its registrar know; it is never printed.</summary>
public sealed class SipCredentials(string user, string password)
{
    public string User { get; } = user;

    internal string Password { get; } = password;

    public override string ToString() => $"SipCredentials({User})";
}
