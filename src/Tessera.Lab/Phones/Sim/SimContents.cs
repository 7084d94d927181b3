using Tessera.Toolkit.Commands;
using Tessera.Wire;

namespace Tessera.Lab.Phones.Sim;

/// <summary>What a phone reads from its SIM when it is switched on (3GPP TS 51.011 §11.2.1).</summary>
/// <param name="ImsiFile">EF.IMSI as it is; empty where there is none.</param>
/// <param name="LocationFile">EF.LOCI as it is; empty where there is none.</param>
/// <param name="ServiceTable">EF.SST as it is.</param>
/// <param name="ServiceCentre">TS-Service Centre Address of EF.SMSP, type of number first; empty for none.</param>
/// <param name="Messages">Records of EF.SMS.</param>
internal sealed record SimContents(
    byte Phase,
    string Iccid,
    Bytes ImsiFile,
    Bytes LocationFile,
    Bytes ServiceTable,
    Bytes ServiceCentre,
    string OwnNumber,
    string ProviderName,
    IReadOnlyList<Contact> Contacts,
    IReadOnlyList<Bytes> Messages)
{
    /// <summary>EF.Phase of a SIM that takes TERMINAL PROFILE.</summary>
    public const byte ToolkitPhase = 3;

    private const int ImsiLength = 9;

    /// <summary>Digits of the IMSI; empty where there is none.</summary>
    public string Imsi => ImsiFile.Length == ImsiLength && ImsiFile.Span[0] is > 0 and < ImsiLength
        ? Digits(ImsiFile.Span[1..(1 + ImsiFile.Span[0])])[1..]
        : "";

    /// <summary>Service n is allocated and activated (3GPP TS 51.011 §10.3.7).</summary>
    public bool Has(SimService service)
    {
        var (octet, shift) = (((int)service - 1) / 4, ((int)service - 1) % 4 * 2);
        return octet < ServiceTable.Length && ((ServiceTable.Span[octet] >> shift) & 3) == 3;
    }

    /// <summary>Reads all of it; a file that is not there reads as empty.</summary>
    public static async Task<SimContents> ReadAsync(SimCard sim, byte phase, CancellationToken cancel)
    {
        var iccid = await sim.ReadAsync(cancel, SimFileId.Mf, SimFileId.Iccid) ?? Bytes.Empty;
        var imsi = await sim.ReadAsync(cancel, SimFileId.Mf, SimFileId.Gsm, SimFileId.Imsi) ?? Bytes.Empty;
        var services = await sim.ReadAsync(cancel, SimFileId.Sst) ?? Bytes.Empty;
        var location = await sim.ReadAsync(cancel, SimFileId.Loci) ?? Bytes.Empty;
        var provider = await sim.ReadAsync(cancel, SimFileId.Spn) ?? Bytes.Empty;
        var smsp = await sim.ReadRecordsAsync(cancel, SimFileId.Mf, SimFileId.Telecom, SimFileId.Smsp);
        var own = await sim.ReadRecordsAsync(cancel, SimFileId.Msisdn);
        var numbers = await sim.ReadRecordsAsync(cancel, SimFileId.Adn);
        var messages = await sim.ReadRecordsAsync(cancel, SimFileId.Sms);
        return new SimContents(
            phase, Digits(iccid.Span), imsi, location, services,
            smsp.Select(ReadServiceCentre).FirstOrDefault(address => address.Length > 0),
            own.Select((record, at) => Contact.Read(at + 1, record)).OfType<Contact>().FirstOrDefault()?.Number ?? "",
            provider.Length > 1 ? ReadAlpha(provider.Span[1..]) : "",
            [.. numbers.Select((record, at) => Contact.Read(at + 1, record)).OfType<Contact>()],
            messages);
    }

    /// <summary>An alpha identifier padded with FF; what cannot be read is no name.</summary>
    internal static string ReadAlpha(ReadOnlySpan<byte> padded)
    {
        try
        {
            return AlphaIdentifier.Decode(padded.TrimEnd((byte)0xFF));
        }
        catch (WireFormatException)
        {
            return "";
        }
    }

    /// <summary>Y octets of name, then indicators 1, destination 12, service centre 12, PID, DCS, validity.</summary>
    private static Bytes ReadServiceCentre(Bytes record)
    {
        const int fixedPart = 28, centreAt = 13, absentBit = 0x02;
        if (record.Length < fixedPart) return Bytes.Empty;
        var parameters = record.Span[^fixedPart..];
        var length = parameters[centreAt];
        return (parameters[0] & absentBit) != 0 || length is < 2 or > 11
            ? Bytes.Empty
            : Bytes.CopyOf(parameters.Slice(centreAt + 1, length));
    }

    private static string Digits(ReadOnlySpan<byte> swapped)
    {
        var text = new char[swapped.Length * 2];
        var count = 0;
        foreach (var octet in swapped)
        {
            if ((octet & 0xF) < 10) text[count++] = (char)('0' + (octet & 0xF));
            if (octet >> 4 < 10) text[count++] = (char)('0' + (octet >> 4));
        }

        return new string(text, 0, count);
    }
}

/// <summary>Services of EF.SST that matter to this phone (3GPP TS 51.011 §10.3.7).</summary>
internal enum SimService
{
    ShortMessages = 4,
    DataDownloadBySmsPp = 26,
    CallControl = 28,
    MenuSelection = 29,
    ProactiveSim = 31,
}

/// <summary>An entry of EF.ADN (3GPP TS 51.011 §10.5.1).</summary>
/// <remarks>
/// <code>
/// name X, padded FF | octets of number 1 | type 1 | digits 10 | capability 1 | extension 1
/// </code>
/// </remarks>
internal sealed record Contact(int Record, string Name, string Number)
{
    private const int FixedPart = 14;

    /// <summary>Null for a record that is free, or that no phone could dial.</summary>
    public static Contact? Read(int record, Bytes octets)
    {
        if (octets.Length < FixedPart) return null;
        var number = octets.Span[^FixedPart..];
        if (number[0] is < 2 or > 11) return null;
        try
        {
            return new Contact(
                record, SimContents.ReadAlpha(octets.Span[..^FixedPart]),
                DialNumber.Decode(number.Slice(1, number[0])));
        }
        catch (WireFormatException)
        {
            return null;
        }
    }
}
