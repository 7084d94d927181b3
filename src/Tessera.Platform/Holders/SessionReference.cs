namespace Tessera.Platform.Holders;

/// <summary>
/// Names one session for ever: one holder, one card, one terminal, one application, from login to end.
/// </summary>
public readonly record struct SessionReference(Guid Value)
{
    public static SessionReference New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    /// <summary>From 32 hexadecimal digits.</summary>
    /// <exception cref="FormatException">Not 32 hexadecimal digits.</exception>
    public static SessionReference Parse(string digits) => new(Guid.ParseExact(digits, "N"));

    public override string ToString() => Value.ToString("N");
}
