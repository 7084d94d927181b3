namespace Tessera.VirtualCard.Sim.Files;

/// <summary>
/// The files of the USIM, under its ADF, and what a UICC has beside (3GPP TS 31.102 §4). What the SIM has too is the same
/// octets.
/// </summary>
internal static class UsimFiles
{
    public const ushort CurrentApplication = 0x7FFF;
    public const int DirectoryRecord = 32;
    public const int RuleRecord = 48;
    public const int RuleRecords = 16;
    public const int EmergencyRecord = 4;
    public const int BookReferenceRecord = 16;

    public static readonly DedicatedFile Usim = new(CurrentApplication, SimFiles.Master);
    public static readonly DedicatedFile GsmAccess = new(0x5F3B, Usim);
    public static readonly DedicatedFile Books = new(0x5F3A, SimFiles.Telecom);

    private static readonly AccessConditions Holder = new(SimAccess.Chv1, SimAccess.Chv1);
    private static readonly AccessConditions HolderReads = new(SimAccess.Chv1, SimAccess.Administrator);
    private static readonly AccessConditions AllRead = new(SimAccess.Always, SimAccess.Administrator);

    public static readonly ElementaryFile Applications =
        new(0x2F00, SimFiles.Master, 0x9B, DirectoryRecord, AllRead, DirectoryRecord) { ShortId = 0x1E };

    /// <summary>The access rules of all files, EF.ARR.</summary>
    public static readonly ElementaryFile Rules =
        new(0x2F06, SimFiles.Master, 0x9D, RuleRecord * RuleRecords, AllRead, RuleRecord) { ShortId = 0x06 };

    public static readonly ElementaryFile Languages =
        new(0x6F05, Usim, 0x9F, 6, new AccessConditions(SimAccess.Always, SimAccess.Chv1)) { ShortId = 0x02 };

    public static readonly ElementaryFile Keys = new(0x6F08, Usim, 0xE0, 33, Holder) { ShortId = 0x08 };
    public static readonly ElementaryFile PacketKeys = new(0x6F09, Usim, 0xE1, 33, Holder) { ShortId = 0x09 };
    public static readonly ElementaryFile ServiceTable = new(0x6F38, Usim, 0xE2, 14, HolderReads) { ShortId = 0x04 };

    public static readonly ElementaryFile EnabledServices =
        new(0x6F56, Usim, 0xE3, 1, new AccessConditions(SimAccess.Chv1, SimAccess.Chv2)) { ShortId = 0x05 };

    public static readonly ElementaryFile StartHfn = new(0x6F5B, Usim, 0xE5, 6, Holder) { ShortId = 0x0F };
    public static readonly ElementaryFile Threshold = new(0x6F5C, Usim, 0xE6, 3, HolderReads) { ShortId = 0x10 };

    public static readonly ElementaryFile EmergencyCalls =
        new(0x6FB7, Usim, 0xE4, 2 * EmergencyRecord, AllRead, EmergencyRecord) { ShortId = 0x01 };

    public static readonly ElementaryFile NetworkParameters = new(0x6FC4, Usim, 0xE7, 128, Holder);
    public static readonly ElementaryFile EpsLocation = new(0x6FE3, Usim, 0xE8, 18, Holder) { ShortId = 0x1E };
    public static readonly ElementaryFile EpsSecurity = new(0x6FE4, Usim, 0xE9, 80, Holder, 80) { ShortId = 0x18 };

    public static readonly ElementaryFile BookReference =
        new(0x4F30, Books, 0x9E, BookReferenceRecord, HolderReads, BookReferenceRecord);

    /// <summary>With octets of their own, each in a cell of its own.</summary>
    public static IReadOnlyList<ElementaryFile> Own { get; } =
    [
        Applications, Rules, Languages, Keys, PacketKeys, ServiceTable, EnabledServices, StartHfn, Threshold,
        EmergencyCalls, NetworkParameters, EpsLocation, EpsSecurity, BookReference,
    ];

    /// <summary>The octets of files of the SIM, in places of the USIM.</summary>
    public static IReadOnlyList<ElementaryFile> Shared { get; } =
    [
        Here(SimFiles.Imsi, 0x07), Here(SimFiles.HomeSearch, 0x12), Here(SimFiles.ChargeLimit),
        Here(SimFiles.Charges), Here(SimFiles.FixedNumbers), Here(SimFiles.Messages), Here(SimFiles.OwnNumbers),
        Here(SimFiles.ChargeUnit), Here(SimFiles.MessageParameters), Here(SimFiles.MessageStatus),
        Here(SimFiles.CellBroadcast), Here(SimFiles.ProviderName), Here(SimFiles.AccessClass, 0x06),
        Here(SimFiles.ForbiddenPlmns, 0x0D), Here(SimFiles.Location, 0x0B), Here(SimFiles.Administrative, 0x03),
        Here(SimFiles.GprsLocation, 0x0C) with { Id = 0x6F73 },
        SimFiles.CipheringKey with { Id = 0x4F20, Parent = GsmAccess, ShortId = 0x01 },
        SimFiles.GprsKey with { Id = 0x4F52, Parent = GsmAccess, ShortId = 0x02 },
        SimFiles.PhoneBook with { Id = 0x4F3A, Parent = Books, ShortId = 0x01 },
    ];

    /// <summary>The tree of a UICC: that of the SIM is a part of it.</summary>
    public static IReadOnlyList<DedicatedFile> Directories { get; } =
        [.. SimFiles.Directories, Usim, GsmAccess, Books];

    public static IReadOnlyList<ElementaryFile> All { get; } = [.. SimFiles.All, .. Own, .. Shared];

    private static ElementaryFile Here(ElementaryFile file, byte? shortId = null) =>
        file with { Parent = Usim, ShortId = shortId };
}
