using Tessera.Wire;

namespace Tessera.Cards;

/// <summary>What ciphers and checks the secured packets of one direction; zeroed when disposed.</summary>
/// <param name="kic">Ciphering key (ETSI TS 102 225 §5.1.2), 16 octets; owned from here on.</param>
/// <param name="kid">Checksum key (ETSI TS 102 225 §5.1.3), 16 octets; owned from here on.</param>
public sealed class OtaKeySet(SecretKey kic, SecretKey kid) : IDisposable
{
    public SecretKey Kic { get; } = kic;

    public SecretKey Kid { get; } = kid;

    public void Dispose()
    {
        Kic.Dispose();
        Kid.Dispose();
    }
}

/// <summary>
/// The keys of the secured packets of one card, a set for each direction (docs/protocols/sms.md §2); zeroed when
/// disposed.
/// </summary>
/// <remarks>
/// <code>
/// KIc of set s = AN10922(OTA master, card id 8 | TAR 54 45 53 | s 1 | 01)      s = 01 down, 02 up
/// KID of set s = AN10922(OTA master, card id 8 | TAR 54 45 53 | s 1 | 02)
/// </code>
/// </remarks>
public sealed class OtaKeys : IDisposable
{
    private const byte DownSet = 1;
    private const byte UpSet = 2;
    private const byte Ciphering = 1;
    private const byte Checking = 2;

    private OtaKeys(OtaKeySet down, OtaKeySet up) => (Down, Up) = (down, up);

    /// <summary>TAR of the toolkit applet.</summary>
    public static Bytes Tar { get; } = Bytes.FromHex("544553");

    /// <summary>From the gateway to the card.</summary>
    public OtaKeySet Down { get; }

    /// <summary>From the card to the gateway.</summary>
    public OtaKeySet Up { get; }

    public static OtaKeys Of(MasterKeys masters, CardId card) =>
        new(SetOf(masters.Ota, card, DownSet), SetOf(masters.Ota, card, UpSet));

    public void Dispose()
    {
        Down.Dispose();
        Up.Dispose();
    }

    private static OtaKeySet SetOf(SecretKey master, CardId card, byte set) =>
        new(Diversify(master, card, set, Ciphering), Diversify(master, card, set, Checking));

    private static SecretKey Diversify(SecretKey master, CardId card, byte set, byte purpose) =>
        An10922.Diversify(master, Bytes.Of(output =>
        {
            var writer = new ByteWriter(output);
            card.Write(writer);
            writer.WriteBytes(Tar);
            writer.WriteByte(set);
            writer.WriteByte(purpose);
        }).Span);
}
