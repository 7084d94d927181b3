namespace Tessera.Platform.Holders;

/// <summary>Names one holder for ever; everything the platform keeps is keyed by it.</summary>
public readonly record struct HolderId(Guid Value)
{
    /// <summary>A new name, ordered by time.</summary>
    public static HolderId New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    /// <summary>From 32 hexadecimal digits.</summary>
    /// <exception cref="FormatException">Not 32 hexadecimal digits.</exception>
    public static HolderId Parse(string digits) => new(Guid.ParseExact(digits, "N"));

    public override string ToString() => Value.ToString("N");
}

/// <summary>A person who owns cards.</summary>
public sealed record Holder(HolderId Id, string Name, DateTimeOffset Since);
