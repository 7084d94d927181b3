using Tessera.Wire;

namespace Tessera.VirtualCard.Files;

/// <summary>Who may do what with a file: b1 to b7 of an access mode octet (ISO/IEC 7816-4:2005 §5.4.3).</summary>
[Flags]
internal enum AccessMode : byte
{
    None = 0x00,

    /// <summary>READ, SEARCH, GET DATA of an elementary file; a directory: deleting a file in it.</summary>
    Read = 0x01,

    /// <summary>UPDATE, ERASE, PUT DATA; a directory: creating an elementary file in it.</summary>
    Update = 0x02,

    /// <summary>WRITE, APPEND; a directory: creating a directory in it.</summary>
    Write = 0x04,

    Deactivate = 0x08,
    Activate = 0x10,
    Terminate = 0x20,
    Delete = 0x40,
}

/// <summary>What the first three bits mean for a directory.</summary>
internal static class DirectoryMode
{
    public const AccessMode DeleteChild = AccessMode.Read;
    public const AccessMode CreateElementary = AccessMode.Update;
    public const AccessMode CreateDirectory = AccessMode.Write;
}

/// <summary>The access rules of a file, compact or expanded (ISO/IEC 7816-4:2005 §5.4.3).</summary>
/// <remarks>
/// <code>
/// compact    { access modes 1 | security condition 1 for each bit that is set, from b7 on }*
/// expanded   { 80 01 access modes | 84 L instructions }+ { condition }   and again
/// condition  90 00 always | 97 00 never | 9E 01 security condition
///            A0 {condition}* one of them | AF {condition}* all of them | A7 {condition} not that
/// </code>
/// What no rule names nobody may do. A file without rules is free, but for a password or key.
/// </remarks>
internal sealed record AccessRules(Bytes Octets, bool IsExpanded)
{
    public static readonly AccessRules None = new(Bytes.Empty, false);

    private const int MaxDepth = 4;
    private const byte Proprietary = 0x80;

    private List<AccessRule> Rules { get; init; } = [];

    public bool IsNone => Rules.Count == 0;

    /// <exception cref="WireFormatException">No rules.</exception>
    public static AccessRules Compact(ReadOnlySpan<byte> octets)
    {
        var rules = new List<AccessRule>();
        var reader = new ByteReader(octets);
        while (reader.Remaining > 0)
        {
            var modes = reader.ReadByte("access modes");
            if ((modes & Proprietary) != 0)
                throw new WireFormatException("access modes", reader.Offset - 1, "are not interindustry ones");
            for (var bit = 0x40; bit > 0; bit >>= 1)
                if ((modes & bit) != 0) rules.Add(new((AccessMode)bit, [], Condition(reader.ReadByte("condition"))));
        }

        return new AccessRules(Bytes.CopyOf(octets), false) { Rules = rules };
    }

    /// <exception cref="WireFormatException">No rules.</exception>
    public static AccessRules Expanded(ReadOnlySpan<byte> octets)
    {
        var rules = new List<AccessRule>();
        var reader = new ByteReader(octets);
        while (reader.Remaining > 0)
        {
            var (modes, instructions) = (AccessMode.None, new List<byte>());
            var value = Tlv.ReadValue(ref reader, out var tag);
            while (tag is 0x80 or 0x84)
            {
                if (tag == 0x84) instructions.AddRange(value);
                else if (value.Length == 1) modes |= (AccessMode)value[0];
                else throw new WireFormatException("access modes", reader.Offset, "are not one octet");
                value = Tlv.ReadValue(ref reader, out tag);
            }

            rules.Add(new(modes, [.. instructions], Condition(tag, value, 0)));
        }

        return new AccessRules(Bytes.CopyOf(octets), true) { Rules = rules };
    }

    /// <summary>One rule that names the mode or the instruction allows it.</summary>
    /// <param name="holds">Whether a security condition octet is met.</param>
    public bool Allow(AccessMode mode, byte instruction, Func<byte, bool> holds)
    {
        foreach (var rule in Rules)
            if ((rule.Modes.HasFlag(mode) || rule.Instructions.Contains(instruction)) && rule.Condition(holds))
                return true;
        return false;
    }

    public bool Equals(AccessRules? other) =>
        other is not null && (Octets, IsExpanded) == (other.Octets, other.IsExpanded);

    public override int GetHashCode() => Octets.GetHashCode();

    private static Func<Func<byte, bool>, bool> Condition(byte octet) => holds => holds(octet);

    private static Func<Func<byte, bool>, bool> Condition(ushort tag, ReadOnlySpan<byte> value, int depth)
    {
        if (depth > MaxDepth) throw new WireFormatException("condition", 0, "is nested too deep");
        switch (tag, value.Length)
        {
            case (0x90, 0):
                return _ => true;
            case (0x97, 0):
                return _ => false;
            case (0x9E, 1):
                return Condition(value[0]);
            case (0xA0 or 0xAF or 0xA7, > 0):
                break;
            default:
                throw new WireFormatException("condition", 0, $"object {tag:X2} is not known so");
        }

        var inner = new List<Func<Func<byte, bool>, bool>>();
        var reader = new ByteReader(value);
        while (reader.Remaining > 0)
        {
            var octets = Tlv.ReadValue(ref reader, out var each);
            inner.Add(Condition(each, octets, depth + 1));
        }

        return tag switch
        {
            0xA0 => holds => inner.Exists(each => each(holds)),
            0xAF => holds => inner.TrueForAll(each => each(holds)),
            _ => holds => !inner.Exists(each => each(holds)),
        };
    }

    private sealed record AccessRule(AccessMode Modes, byte[] Instructions, Func<Func<byte, bool>, bool> Condition);
}
