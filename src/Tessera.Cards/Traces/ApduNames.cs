namespace Tessera.Cards.Traces;

/// <summary>Names of instructions: interindustry, of a SIM, and of applications that are known.</summary>
internal static class ApduNames
{
    public static readonly IReadOnlyDictionary<byte, string> None = new Dictionary<byte, string>();

    /// <summary>ISO/IEC 7816-4, -8 and -9; ETSI TS 102 221 where these have none.</summary>
    public static readonly IReadOnlyDictionary<byte, string> Interindustry = new Dictionary<byte, string>
    {
        [0x04] = "DEACTIVATE FILE", [0x0C] = "ERASE RECORD", [0x0E] = "ERASE BINARY", [0x0F] = "ERASE BINARY",
        [0x10] = "TERMINAL PROFILE", [0x12] = "FETCH", [0x14] = "TERMINAL RESPONSE",
        [0x20] = "VERIFY", [0x21] = "VERIFY", [0x22] = "MANAGE SECURITY ENVIRONMENT", [0x24] = "CHANGE REFERENCE DATA",
        [0x25] = "CHANGE REFERENCE DATA", [0x26] = "DISABLE VERIFICATION", [0x28] = "ENABLE VERIFICATION",
        [0x2A] = "PERFORM SECURITY OPERATION", [0x2C] = "RESET RETRY COUNTER", [0x2D] = "RESET RETRY COUNTER",
        [0x32] = "INCREASE", [0x44] = "ACTIVATE FILE", [0x46] = "GENERATE KEY PAIR", [0x47] = "GENERATE KEY PAIR",
        [0x70] = "MANAGE CHANNEL", [0x82] = "EXTERNAL AUTHENTICATE", [0x84] = "GET CHALLENGE",
        [0x86] = "GENERAL AUTHENTICATE", [0x87] = "GENERAL AUTHENTICATE", [0x88] = "INTERNAL AUTHENTICATE",
        [0xA0] = "SEARCH BINARY", [0xA2] = "SEARCH RECORD", [0xA4] = "SELECT",
        [0xB0] = "READ BINARY", [0xB1] = "READ BINARY", [0xB2] = "READ RECORD", [0xB3] = "READ RECORD",
        [0xC0] = "GET RESPONSE", [0xC2] = "ENVELOPE", [0xC3] = "ENVELOPE", [0xCA] = "GET DATA", [0xCB] = "GET DATA",
        [0xD0] = "WRITE BINARY", [0xD2] = "WRITE RECORD", [0xD6] = "UPDATE BINARY", [0xD7] = "UPDATE BINARY",
        [0xDA] = "PUT DATA", [0xDB] = "PUT DATA", [0xDC] = "UPDATE RECORD", [0xDD] = "UPDATE RECORD",
        [0xE0] = "CREATE FILE", [0xE2] = "APPEND RECORD", [0xE4] = "DELETE FILE", [0xE6] = "TERMINATE DF",
        [0xE8] = "TERMINATE EF", [0xF2] = "STATUS", [0xFE] = "TERMINATE CARD USAGE",
    };

    /// <summary>Class A0: 3GPP TS 51.011 §9.2, TS 51.014.</summary>
    public static readonly IReadOnlyDictionary<byte, string> Sim = new Dictionary<byte, string>
    {
        [0x04] = "INVALIDATE", [0x10] = "TERMINAL PROFILE", [0x12] = "FETCH", [0x14] = "TERMINAL RESPONSE",
        [0x20] = "VERIFY CHV", [0x24] = "CHANGE CHV", [0x26] = "DISABLE CHV", [0x28] = "ENABLE CHV",
        [0x2C] = "UNBLOCK CHV", [0x32] = "INCREASE", [0x44] = "REHABILITATE", [0x88] = "RUN GSM ALGORITHM",
        [0xA2] = "SEEK", [0xA4] = "SELECT", [0xB0] = "READ BINARY", [0xB2] = "READ RECORD", [0xC0] = "GET RESPONSE",
        [0xC2] = "ENVELOPE", [0xD6] = "UPDATE BINARY", [0xDC] = "UPDATE RECORD", [0xF2] = "STATUS", [0xFA] = "SLEEP",
    };

    /// <summary>GlobalPlatform Card Specification.</summary>
    public static readonly IReadOnlyDictionary<byte, string> GlobalPlatform = new Dictionary<byte, string>
    {
        [0x50] = "INITIALIZE UPDATE", [0x82] = "EXTERNAL AUTHENTICATE", [0xD8] = "PUT KEY", [0xE2] = "STORE DATA",
        [0xE4] = "DELETE", [0xE6] = "INSTALL", [0xE8] = "LOAD", [0xF0] = "SET STATUS", [0xF2] = "GET STATUS",
    };

    /// <summary>NIST SP 800-73, and what Yubico's tools add to it.</summary>
    public static readonly IReadOnlyDictionary<byte, string> Piv = new Dictionary<byte, string>
    {
        [0xF6] = "MOVE KEY", [0xF7] = "GET METADATA", [0xF8] = "GET SERIAL", [0xF9] = "ATTEST",
        [0xFA] = "SET PIN RETRIES", [0xFB] = "RESET", [0xFD] = "GET VERSION", [0xFE] = "IMPORT KEY",
        [0xFF] = "SET MANAGEMENT KEY",
    };

    /// <summary>docs/protocols/purse.md §3.</summary>
    public static readonly IReadOnlyDictionary<byte, string> Purse = new Dictionary<byte, string>
    {
        [0x50] = "INITIALIZE", [0x54] = "MOVE", [0x58] = "RECEIPT", [0x5A] = "PROVE", [0x5C] = "BALANCE", [0x5E] = "END",
    };

    /// <summary>docs/protocols/store.md §3.</summary>
    public static readonly IReadOnlyDictionary<byte, string> Store = new Dictionary<byte, string>
    {
        [0x60] = "LIST FIELDS", [0x62] = "READ FIELD", [0x64] = "WRITE FIELD", [0x66] = "DEFINE FIELD",
    };
}
