namespace Tessera.VirtualCard;

/// <summary>The objects in the memory of a card. An id never changes its meaning: images outlive programs.</summary>
internal static class CellId
{
    public const byte Card = 0x01;
    public const byte Pin = 0x02;
    public const byte Puk = 0x03;

    /// <summary>A finger of the holder; not there on a card that knows none.</summary>
    public const byte Finger = 0x04;

    /// <summary>Tries left for it.</summary>
    public const byte FingerTries = 0x05;

    /// <summary>
    /// Of the card as a whole: see <see cref="SecureChannels.CardLife"/>; not there on one that was made personalised.
    /// </summary>
    public const byte Life = 0x06;

    public const byte PurseTraits = 0x10;
    public const byte PurseKey = 0x11;

    /// <summary>Balance and number; changes together with a log record.</summary>
    public const byte Purse = 0x12;

    /// <summary>
    /// What a purse may do without its issuer; not there on a card that was made before there was such a thing.
    /// </summary>
    public const byte PurseLimits = 0x13;

    /// <summary>There where the limits are.</summary>
    public const byte PurseOfflineKey = 0x14;

    /// <summary>The first of twenty log records; of ten on a card that was made when the log was shorter.</summary>
    public const byte PurseLog = 0x20;

    public const byte StoreTraits = 0x40;
    public const byte StoreKey = 0x41;

    /// <summary>
    /// Of the issuer security domain; not there on a card without one, nor on cards that were made before there was one.
    /// </summary>
    public const byte DomainTraits = 0x42;

    /// <summary>The first of four key versions.</summary>
    public const byte DomainKeys = 0x43;

    public const byte DomainObjects = 0x47;

    /// <summary>The first of sixteen fields.</summary>
    public const byte StoreField = 0x50;

    /// <summary>There on a SIM only, as all that follow.</summary>
    public const byte Chv1 = 0x60;
    public const byte UnblockChv1 = 0x61;

    /// <summary>K and OPc; not there on a SIM that no network knows, nor on one made before there was authentication.</summary>
    public const byte SubscriberKey = 0x62;

    /// <summary>The sequence numbers of a network that were taken.</summary>
    public const byte Sequences = 0x63;

    /// <summary>
    /// Not there on a SIM without a second CHV, nor on one made before there was one; the three that follow likewise.
    /// </summary>
    public const byte Chv2 = 0x64;
    public const byte UnblockChv2 = 0x65;

    /// <summary>The code of the issuer for the telephony files.</summary>
    public const byte Administrator = 0x66;

    /// <summary>Which telephony files are invalidated.</summary>
    public const byte InvalidatedFiles = 0x67;

    /// <summary>The first of eight lists of choices; not there on a SIM that was made before there were any.</summary>
    public const byte List = 0x68;

    /// <summary>KIc and KID of the set down, then of the set up.</summary>
    public const byte OtaKeys = 0x70;

    /// <summary>The highest counter taken.</summary>
    public const byte DownCounter = 0x71;

    /// <summary>The highest counter used.</summary>
    public const byte UpCounter = 0x72;

    /// <summary>Where the toolkit applet sends to, and its menu.</summary>
    public const byte Menu = 0x73;

    /// <summary>Digest of the TERMINAL PROFILE that the gateway has; empty where it has none.</summary>
    public const byte KnownProfile = 0x74;

    /// <summary>The last session, and where the next script is kept.</summary>
    public const byte Journal = 0x75;

    /// <summary>Where the next list is kept.</summary>
    public const byte Lists = 0x76;

    /// <summary>
    /// The number of the service that is called, empty for none; not there on a SIM that was made before there was one.
    /// </summary>
    public const byte VoiceNumber = 0x77;

    /// <summary>The first of four scripts with their answers.</summary>
    public const byte JournalScript = 0x78;

    /// <summary>
    /// The first of 32 telephony files: see <see cref="Sim.Files.SimFiles"/> and <see cref="Sim.Files.UsimFiles"/>.
    /// </summary>
    public const byte SimFile = 0x80;

    /// <summary>There on a card with the PIV application, as all that follow: the first of 24 keys.</summary>
    public const byte PivKey = 0xA0;

    /// <summary>The first of 34 objects: see <see cref="Piv.PivObject"/>.</summary>
    public const byte PivObject = 0xB8;

    public const byte PivManagementKey = 0xDA;

    /// <summary>The number that vendors' hosts ask for.</summary>
    public const byte PivSerial = 0xDB;

    /// <summary>Not there on a card that was made before there was one.</summary>
    public const byte PivManagement = 0xDC;

    /// <summary>The first of 16 more telephony files.</summary>
    public const byte UsimFile = 0xE0;

    /// <summary>Files, PINs, keys and sequence numbers of the telephony of a SIM: what no applet is ever handed.</summary>
    public static bool IsOfTelephony(int id) =>
        id is (>= Chv1 and <= InvalidatedFiles) or (>= SimFile and < PivKey) or (>= UsimFile and < UsimFile + 16);
}
