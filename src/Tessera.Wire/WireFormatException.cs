namespace Tessera.Wire;

/// <summary>The peer sent octets that its own specification does not allow.</summary>
public class WireFormatException(string field, int offset, string reason)
    : FormatException($"{field} at octet {offset}: {reason}")
{
    public string Field { get; } = field;

    public int Offset { get; } = offset;

    public string Reason { get; } = reason;
}
