namespace Tessera.Cards.Traces;

/// <summary>Names of applications and files that many cards have.</summary>
internal static class CardNames
{
    private static readonly TracedApplication Usim = new("USIM", ApduNames.None);

    private static readonly (string Aid, TracedApplication Application)[] Applications =
    [
        ("A00000030800001000", new("PIV", ApduNames.Piv)),
        ("F05445535345524101", new("purse", ApduNames.Purse)),
        ("F05445535345524102", new("data store", ApduNames.Store)),
        ("A000000151", new("issuer security domain", ApduNames.GlobalPlatform)),
        ("A0000000871002", Usim),
        ("A0000000871004", new("ISIM", ApduNames.None)),
        ("A0000000090001", new("GSM", ApduNames.None)),
        ("D27600012401", new("OpenPGP", ApduNames.None)),
        ("A000000063504B43532D3135", new("PKCS #15", ApduNames.None)),
        ("315041592E5359532E4444463031", new("payment system environment", ApduNames.None)),
        ("325041592E5359532E4444463031", new("contactless payment environment", ApduNames.None)),
    ];

    private static readonly Dictionary<ushort, string> Files = new()
    {
        [0x3F00] = "MF", [0x3FFF] = "current application", [0x7FFF] = "current application",
        [0x2F00] = "EF.DIR", [0x2F01] = "EF.ATR", [0x2F05] = "EF.PL", [0x2F06] = "EF.ARR", [0x2FE2] = "EF.ICCID",
        [0x7F10] = "DF.TELECOM", [0x7F20] = "DF.GSM", [0x7F21] = "DF.DCS1800",
        [0x6F05] = "EF.LP", [0x6F06] = "EF.ARR", [0x6F07] = "EF.IMSI", [0x6F08] = "EF.Keys", [0x6F09] = "EF.KeysPS",
        [0x6F20] = "EF.Kc", [0x6F30] = "EF.PLMNsel", [0x6F31] = "EF.HPLMN", [0x6F37] = "EF.ACMmax",
        [0x6F38] = "EF.SST", [0x6F39] = "EF.ACM", [0x6F3A] = "EF.ADN", [0x6F3B] = "EF.FDN", [0x6F3C] = "EF.SMS",
        [0x6F3D] = "EF.CCP", [0x6F3E] = "EF.GID1", [0x6F3F] = "EF.GID2", [0x6F40] = "EF.MSISDN", [0x6F42] = "EF.SMSP",
        [0x6F43] = "EF.SMSS", [0x6F44] = "EF.LND", [0x6F45] = "EF.CBMI", [0x6F46] = "EF.SPN", [0x6F47] = "EF.SMSR",
        [0x6F48] = "EF.CBMID", [0x6F49] = "EF.SDN", [0x6F4A] = "EF.EXT1", [0x6F4B] = "EF.EXT2", [0x6F52] = "EF.KcGPRS",
        [0x6F56] = "EF.EST", [0x6F5B] = "EF.START-HFN", [0x6F5C] = "EF.THRESHOLD", [0x6F60] = "EF.PLMNwAcT",
        [0x6F61] = "EF.OPLMNwAcT", [0x6F62] = "EF.HPLMNwAcT", [0x6F73] = "EF.PSLOCI", [0x6F74] = "EF.BCCH",
        [0x6F78] = "EF.ACC", [0x6F7B] = "EF.FPLMN", [0x6F7E] = "EF.LOCI", [0x6FAD] = "EF.AD", [0x6FAE] = "EF.Phase",
        [0x6FB7] = "EF.ECC", [0x6FC4] = "EF.NETPAR",
    };

    /// <summary>EF.Keys, KeysPS, Kc and KcGPRS twice, EPSNSC: nobody reads in a trace what is in them.</summary>
    private static readonly HashSet<ushort> KeyFiles = [0x6F08, 0x6F09, 0x6F20, 0x6F52, 0x4F20, 0x4F52, 0x6FE4];

    private const ushort GsmAccess = 0x5F3B;

    /// <summary>The application whose AID begins so, or the reverse; null for one that is not known.</summary>
    public static TracedApplication? ApplicationOf(string aid) =>
        Applications.FirstOrDefault(known => IsBegunBy(known.Aid, aid) || IsBegunBy(aid, known.Aid)).Application;

    public static string FileOf(ushort id) =>
        Files.TryGetValue(id, out var name) ? $"{name} {id:X4}" : $"{id:X4}";

    public static bool IsKeyFile(ushort id) => KeyFiles.Contains(id);

    /// <summary>The same of a short identifier, which means another file in every directory (3GPP TS 31.102 annex H).</summary>
    /// <param name="directory">The one that was selected by its identifier; 0 for none.</param>
    public static bool IsShortKeyFile(TracedApplication? application, ushort directory, int sfi) =>
        directory == GsmAccess ? sfi is 0x01 or 0x02
        : application == Usim && sfi is 0x08 or 0x09 or 0x18;

    /// <summary>By the first octets that all cards of mobiles and most others use.</summary>
    public static bool IsDirectory(ushort id) => id >> 8 is 0x3F or 0x7F or 0x5F;

    /// <summary>Five octets at least: less is no name of anybody.</summary>
    private static bool IsBegunBy(string aid, string start) =>
        start.Length >= 10 && aid.StartsWith(start, StringComparison.Ordinal);
}

/// <summary>An application that is known by its AID, and the instructions that are its own.</summary>
internal sealed record TracedApplication(string Name, IReadOnlyDictionary<byte, string> Instructions);
