namespace Tessera.Cards.Traces;

/// <summary>Names of data objects (ISO/IEC 7816-4 §5.2, §5.3; NIST SP 800-73 part 1).</summary>
internal static class ObjectNames
{
    private static readonly Dictionary<uint, string> Anywhere = new()
    {
        [0x4F] = "AID", [0x50] = "label", [0x53] = "discretionary data", [0x5C] = "tag list", [0x5F50] = "URL",
        [0x5F2F] = "PIN usage policy", [0x61] = "application template", [0x62] = "FCP", [0x64] = "FMD", [0x6F] = "FCI",
        [0x66] = "card data", [0x70] = "certificate", [0x71] = "certificate coding", [0x73] = "discretionary objects",
        [0x79] = "allocation authority", [0x7C] = "dynamic authentication", [0x7E] = "discovery object",
        [0x7F21] = "certificate", [0x7F2E] = "biometric data", [0x7F49] = "public key", [0x7F61] = "biometric group",
        [0x84] = "DF name", [0xA5] = "proprietary", [0xAC] = "algorithms", [0xE0] = "key information",
        [0xE3] = "registry entry", [0xD0] = "proactive command", [0xD1] = "SMS-PP download", [0xD3] = "menu selection",
        [0xD4] = "call control", [0xD5] = "MO-SMS control", [0xD6] = "event download", [0xD7] = "timer expiration",
        [0xFE] = "error detection code",
    };

    private static readonly Dictionary<(uint Parent, uint Tag), string> Inside = new()
    {
        [(0x62, 0x80)] = "octets of the file", [(0x62, 0x81)] = "octets with structure",
        [(0x62, 0x82)] = "file descriptor", [(0x62, 0x83)] = "file identifier", [(0x62, 0x84)] = "DF name",
        [(0x62, 0x85)] = "proprietary", [(0x62, 0x86)] = "proprietary security", [(0x62, 0x88)] = "short identifier",
        [(0x62, 0x8A)] = "life cycle", [(0x62, 0x8B)] = "access rule reference", [(0x62, 0x8C)] = "access rules",
        [(0x62, 0xA5)] = "proprietary", [(0x62, 0xC6)] = "PIN status",
        [(0x7C, 0x80)] = "witness", [(0x7C, 0x81)] = "challenge", [(0x7C, 0x82)] = "response", [(0x7C, 0x85)] = "exponentiation",
        [(0x7F49, 0x81)] = "modulus", [(0x7F49, 0x82)] = "exponent", [(0x7F49, 0x86)] = "point",
        [(0x53, 0x30)] = "FASC-N", [(0x53, 0x34)] = "GUID", [(0x53, 0x35)] = "expiration date",
        [(0x53, 0x3E)] = "issuer signature", [(0xAC, 0x80)] = "algorithm", [(0x61, 0x4F)] = "AID",
        [(0x7F2E, 0x81)] = "finger minutiae",
    };

    private static readonly Dictionary<uint, string> PivObjects = new()
    {
        [0x5FC101] = "certificate of key 9E", [0x5FC102] = "CHUID", [0x5FC103] = "fingerprints",
        [0x5FC105] = "certificate of key 9A", [0x5FC106] = "security object", [0x5FC107] = "card capability container",
        [0x5FC108] = "face", [0x5FC109] = "printed information", [0x5FC10A] = "certificate of key 9C",
        [0x5FC10B] = "certificate of key 9D", [0x5FC10C] = "key history", [0x5FC121] = "iris",
        [0x5FC122] = "secure messaging signer", [0x5FC123] = "pairing code", [0x7E] = "discovery object",
        [0x7F61] = "biometric group", [0x5FFF00] = "note of a vendor's host",
    };

    /// <summary>Null where the tag is not known there.</summary>
    /// <param name="parent">The tag around it; 0 for none.</param>
    public static string? Of(uint parent, uint tag) =>
        Inside.TryGetValue((parent == 0x6F ? 0x62 : parent, tag), out var name) || Anywhere.TryGetValue(tag, out name)
            ? name
            : null;

    /// <summary>What GET DATA and PUT DATA of a PIV card name by this tag; null where it is not known.</summary>
    public static string? OfPiv(uint tag) => tag is >= 0x5FC10D and <= 0x5FC120
        ? $"certificate of key {0x82 + (tag - 0x5FC10D):X2}"
        : PivObjects.GetValueOrDefault(tag);
}
