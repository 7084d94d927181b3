namespace Tessera.VirtualCard.Sim.Files;

/// <summary>Who may do something with a file (3GPP TS 51.011 §7.3); the values are those of its coding.</summary>
internal enum SimAccess : byte
{
    Always = 0x0,
    Chv1 = 0x1,
    Administrator = 0x4,
    Never = 0xF,
}

/// <summary>A directory of the SIM, MF or DF.</summary>
internal sealed record DedicatedFile(ushort Id, DedicatedFile? Parent);

/// <summary>A file of the SIM with octets in it, transparent or linear fixed.</summary>
/// <param name="RecordLength">0 where it is transparent.</param>
internal sealed record ElementaryFile(
    ushort Id, DedicatedFile Parent, byte Cell, int Size, SimAccess Read, SimAccess Update, int RecordLength = 0)
{
    public bool IsTransparent => RecordLength == 0;

    public int Records => IsTransparent ? 0 : Size / RecordLength;
}

/// <summary>
/// The files of a Tessera SIM: those that a phone reads when it starts, and phone book and short messages
/// (3GPP TS 51.011 §10). A cell of the image holds each; its id never changes its meaning.
/// </summary>
internal static class SimFiles
{
    public const int AlphaLength = 14;
    public const int PhoneBookRecord = AlphaLength + 14;
    public const int MessageRecord = 176;
    public const int MessageParametersRecord = AlphaLength + 28;

    private const SimAccess Always = SimAccess.Always;
    private const SimAccess Chv1 = SimAccess.Chv1;
    private const SimAccess Issuer = SimAccess.Administrator;

    public static readonly DedicatedFile Master = new(0x3F00, null);
    public static readonly DedicatedFile Telecom = new(0x7F10, Master);
    public static readonly DedicatedFile Gsm = new(0x7F20, Master);

    public static readonly ElementaryFile Iccid = new(0x2FE2, Master, 0x80, 10, Always, SimAccess.Never);

    public static readonly ElementaryFile Languages = new(0x6F05, Gsm, 0x81, 2, Always, Chv1);
    public static readonly ElementaryFile Imsi = new(0x6F07, Gsm, 0x82, 9, Chv1, Issuer);
    public static readonly ElementaryFile CipheringKey = new(0x6F20, Gsm, 0x83, 9, Chv1, Chv1);
    public static readonly ElementaryFile PlmnSelector = new(0x6F30, Gsm, 0x84, 24, Chv1, Chv1);
    public static readonly ElementaryFile HomeSearch = new(0x6F31, Gsm, 0x85, 1, Chv1, Issuer);
    public static readonly ElementaryFile ServiceTable = new(0x6F38, Gsm, 0x86, 8, Chv1, Issuer);
    public static readonly ElementaryFile CellBroadcast = new(0x6F45, Gsm, 0x87, 8, Chv1, Chv1);
    public static readonly ElementaryFile ProviderName = new(0x6F46, Gsm, 0x88, 17, Always, Issuer);
    public static readonly ElementaryFile BroadcastChannels = new(0x6F74, Gsm, 0x89, 16, Chv1, Chv1);
    public static readonly ElementaryFile AccessClass = new(0x6F78, Gsm, 0x8A, 2, Chv1, Issuer);
    public static readonly ElementaryFile ForbiddenPlmns = new(0x6F7B, Gsm, 0x8B, 12, Chv1, Chv1);
    public static readonly ElementaryFile Location = new(0x6F7E, Gsm, 0x8C, 11, Chv1, Chv1);
    public static readonly ElementaryFile Administrative = new(0x6FAD, Gsm, 0x8D, 3, Always, Issuer);
    public static readonly ElementaryFile Phase = new(0x6FAE, Gsm, 0x8E, 1, Always, Issuer);

    public static readonly ElementaryFile PhoneBook = Records(0x6F3A, 0x90, PhoneBookRecord, 20);
    public static readonly ElementaryFile Messages = Records(0x6F3C, 0x91, MessageRecord, 10);
    public static readonly ElementaryFile OwnNumbers = Records(0x6F40, 0x92, PhoneBookRecord, 1);
    public static readonly ElementaryFile MessageParameters = Records(0x6F42, 0x93, MessageParametersRecord, 1);
    public static readonly ElementaryFile MessageStatus = new(0x6F43, Telecom, 0x94, 2, Chv1, Chv1);

    public static IReadOnlyList<DedicatedFile> Directories { get; } = [Master, Telecom, Gsm];

    public static IReadOnlyList<ElementaryFile> All { get; } =
    [
        Iccid,
        Languages, Imsi, CipheringKey, PlmnSelector, HomeSearch, ServiceTable, CellBroadcast, ProviderName,
        BroadcastChannels, AccessClass, ForbiddenPlmns, Location, Administrative, Phase,
        PhoneBook, Messages, OwnNumbers, MessageParameters, MessageStatus,
    ];

    private static ElementaryFile Records(ushort id, byte cell, int length, int count) =>
        new(id, Telecom, cell, length * count, Chv1, Chv1, length);
}
