namespace Tessera.VirtualCard.Sim.Files;

/// <summary>
/// The files of a Tessera SIM: those that a phone reads when it starts, phone book, short messages and charges
/// (3GPP TS 51.011 §10). A cell of the image holds each; its id never changes its meaning.
/// </summary>
internal static class SimFiles
{
    public const int AlphaLength = 14;
    public const int PhoneBookRecord = AlphaLength + 14;
    public const int MessageRecord = 176;
    public const int MessageParametersRecord = AlphaLength + 28;
    public const int ChargeRecord = 3;

    public static readonly DedicatedFile Master = new(0x3F00, null);
    public static readonly DedicatedFile Telecom = new(0x7F10, Master);
    public static readonly DedicatedFile Gsm = new(0x7F20, Master);

    private static readonly AccessConditions Holder = new(SimAccess.Chv1, SimAccess.Chv1);
    private static readonly AccessConditions HolderReads = new(SimAccess.Chv1, SimAccess.Administrator);
    private static readonly AccessConditions AllRead = new(SimAccess.Always, SimAccess.Administrator);
    private static readonly AccessConditions AllReadHolder = new(SimAccess.Always, SimAccess.Chv1);
    private static readonly AccessConditions Second = new(SimAccess.Chv1, SimAccess.Chv2);

    /// <summary>What a phone that takes a card into use may make usable again.</summary>
    private static readonly AccessConditions Subscription = HolderReads with { Rehabilitate = SimAccess.Chv1 };

    private static readonly AccessConditions Whereabouts = Holder with { Rehabilitate = SimAccess.Chv1 };

    /// <summary>Without its phone book a phone calls fixed numbers only.</summary>
    private static readonly AccessConditions Book =
        Holder with { Invalidate = SimAccess.Chv2, Rehabilitate = SimAccess.Chv2 };

    public static readonly ElementaryFile Iccid =
        new(0x2FE2, Master, 0x80, 10, new AccessConditions(SimAccess.Always, SimAccess.Never)) { ShortId = 0x02 };

    public static readonly ElementaryFile PreferredLanguages =
        new(0x2F05, Master, 0x9C, 4, AllReadHolder) { ShortId = 0x05 };

    public static readonly ElementaryFile Languages = new(0x6F05, Gsm, 0x81, 2, AllReadHolder);
    public static readonly ElementaryFile Imsi = new(0x6F07, Gsm, 0x82, 9, Subscription);
    public static readonly ElementaryFile CipheringKey = new(0x6F20, Gsm, 0x83, 9, Holder);
    public static readonly ElementaryFile PlmnSelector = new(0x6F30, Gsm, 0x84, 24, Holder);
    public static readonly ElementaryFile HomeSearch = new(0x6F31, Gsm, 0x85, 1, HolderReads);
    public static readonly ElementaryFile ChargeLimit = new(0x6F37, Gsm, 0x97, ChargeRecord, Second);
    public static readonly ElementaryFile ServiceTable = new(0x6F38, Gsm, 0x86, 10, HolderReads);

    public static readonly ElementaryFile Charges =
        new(0x6F39, Gsm, 0x96, 5 * ChargeRecord, Second with { Increase = SimAccess.Chv1 }, ChargeRecord)
        {
            IsCyclic = true,
        };

    public static readonly ElementaryFile ChargeUnit = new(0x6F41, Gsm, 0x98, 5, Second);
    public static readonly ElementaryFile CellBroadcast = new(0x6F45, Gsm, 0x87, 8, Holder);
    public static readonly ElementaryFile ProviderName = new(0x6F46, Gsm, 0x88, 17, AllRead);
    public static readonly ElementaryFile GprsKey = new(0x6F52, Gsm, 0x99, 9, Holder);
    public static readonly ElementaryFile GprsLocation = new(0x6F53, Gsm, 0x9A, 14, Whereabouts);
    public static readonly ElementaryFile BroadcastChannels = new(0x6F74, Gsm, 0x89, 16, Holder);
    public static readonly ElementaryFile AccessClass = new(0x6F78, Gsm, 0x8A, 2, HolderReads);
    public static readonly ElementaryFile ForbiddenPlmns = new(0x6F7B, Gsm, 0x8B, 12, Holder);
    public static readonly ElementaryFile Location = new(0x6F7E, Gsm, 0x8C, 11, Whereabouts);
    public static readonly ElementaryFile Administrative = new(0x6FAD, Gsm, 0x8D, 4, AllRead);
    public static readonly ElementaryFile Phase = new(0x6FAE, Gsm, 0x8E, 1, AllRead);
    public static readonly ElementaryFile EmergencyCalls = new(0x6FB7, Gsm, 0x8F, 15, AllRead);

    public static readonly ElementaryFile PhoneBook = Records(0x6F3A, 0x90, PhoneBookRecord, 20, Book);
    public static readonly ElementaryFile FixedNumbers = Records(0x6F3B, 0x95, PhoneBookRecord, 10, Second);
    public static readonly ElementaryFile Messages = Records(0x6F3C, 0x91, MessageRecord, 10, Holder);
    public static readonly ElementaryFile OwnNumbers = Records(0x6F40, 0x92, PhoneBookRecord, 1, Holder);

    public static readonly ElementaryFile MessageParameters =
        Records(0x6F42, 0x93, MessageParametersRecord, 1, Holder);

    public static readonly ElementaryFile MessageStatus = new(0x6F43, Telecom, 0x94, 2, Holder);

    public static IReadOnlyList<DedicatedFile> Directories { get; } = [Master, Telecom, Gsm];

    public static IReadOnlyList<ElementaryFile> All { get; } =
    [
        Iccid, PreferredLanguages,
        Languages, Imsi, CipheringKey, PlmnSelector, HomeSearch, ChargeLimit, ServiceTable, Charges, ChargeUnit,
        CellBroadcast, ProviderName, GprsKey, GprsLocation, BroadcastChannels, AccessClass, ForbiddenPlmns, Location,
        Administrative, Phase, EmergencyCalls,
        PhoneBook, FixedNumbers, Messages, OwnNumbers, MessageParameters, MessageStatus,
    ];

    private static ElementaryFile Records(ushort id, byte cell, int length, int count, AccessConditions access) =>
        new(id, Telecom, cell, length * count, access, length);
}
