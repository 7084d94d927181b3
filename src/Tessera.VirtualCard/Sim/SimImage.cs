using Tessera.Sms.Messages;
using Tessera.Toolkit.Commands;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Sim.Authentication;
using Tessera.VirtualCard.Sim.Files;
using Tessera.VirtualCard.Sim.Toolkit;
using Tessera.VirtualCard.Sim.Usim;
using Tessera.Wire;

namespace Tessera.VirtualCard.Sim;

/// <summary>What a SIM is born with: its files (3GPP TS 51.011 §10), and the cells of the toolkit applet.</summary>
internal static class SimImage
{
    private const byte Unused = 0xFF;
    private const int AddressField = 12;
    private const byte OneDay = 0xA7;

    private const int CallControl = 28;

    /// <summary>
    /// Services 1, 2, 3, 4, 5, 7, 9, 12, 14, 17, 26, 27, 29 and 38 are there and switched on (TS 51.011 §10.3.7); 28 where
    /// the card has to know of a call.
    /// </summary>
    private static readonly int[] Services = [1, 2, 3, 4, 5, 7, 9, 12, 14, 17, 26, 27, 29, 38];

    /// <summary>112, packed.</summary>
    internal static ReadOnlySpan<byte> EmergencyNumber => [0x11, 0xF2, 0xFF];

    /// <summary>The test network 001 01, as a place where the card never was.</summary>
    internal static ReadOnlySpan<byte> NoNetwork => [0x00, 0xF1, 0x10];

    /// <exception cref="ArgumentException">A number or text that its file cannot hold.</exception>
    public static IEnumerable<NewCell> Cells(SimPersonalisation sim)
    {
        foreach (var cell in Chv.Cells(CellId.Chv1, CellId.UnblockChv1, sim.AsksChv1, sim.Chv1, sim.UnblockChv1))
            yield return cell;
        foreach (var cell in sim.Chv2 is { } chv2
            ? Chv.Cells(CellId.Chv2, CellId.UnblockChv2, enabled: true, chv2, sim.UnblockChv2)
            : [])
            yield return cell;
        if (sim.Administrator is { } code) yield return AdministrativeCode.NewCell(code.Reveal());
        yield return new(
            CellId.InvalidatedFiles, SimContents.InvalidatedLength, new Bytes(new byte[SimContents.InvalidatedLength]));
        foreach (var cell in sim.Subscriber is { } key ? SimAuthentication.Cells(key) : []) yield return cell;
        foreach (var cell in PacketDesk.Cells(sim.Keys)) yield return cell;
        yield return new(
            CellId.Menu, AppletMenu.MaxLength,
            Bytes.Of(new AppletMenu(Number(sim.Subscription.ServiceNumber), sim.Menu)));
        yield return new(
            CellId.VoiceNumber, ToolkitApplet.MaxVoiceNumber,
            sim.Subscription.VoiceNumber.Length == 0 ? Bytes.Empty : DialNumber.Encode(sim.Subscription.VoiceNumber));
        yield return new(CellId.KnownProfile, AppletMenu.DigestLength, Bytes.Empty);
        foreach (var cell in CardScriptJournal.Cells()) yield return cell;
        foreach (var cell in ListShelf.Cells()) yield return cell;
        foreach (var file in sim.Subscriber is null ? SimFiles.All : [.. SimFiles.All, .. UsimFiles.Own])
            yield return new(file.Cell, file.Size, new Bytes(ContentOf(file, sim.Subscription)));
    }

    /// <summary>The files that tell of a subscription.</summary>
    public static IReadOnlyList<ElementaryFile> OfSubscription { get; } =
    [
        SimFiles.Iccid, SimFiles.Imsi, SimFiles.ProviderName, SimFiles.AccessClass, SimFiles.Administrative,
        SimFiles.OwnNumbers, SimFiles.MessageParameters,
    ];

    /// <exception cref="ArgumentException">A number or text that the file cannot hold.</exception>
    public static byte[] ContentOf(ElementaryFile file, SimSubscription who)
    {
        var content = new byte[file.Size];
        content.AsSpan().Fill(Unused);
        ReadOnlySpan<byte> known = file switch
        {
            _ when file == SimFiles.Iccid => Digits(Checked(who.Iccid, 18, 20), content.Length),
            _ when file == SimFiles.Imsi => Imsi(Checked(who.Imsi, 6, 15)),
            _ when file == SimFiles.Languages => [0x01],
            _ when file == SimFiles.CipheringKey => Filled(8, last: 0x07),
            _ when file == SimFiles.HomeSearch => [0x05],
            _ when file == SimFiles.ServiceTable => ServiceTable(content.Length, who.VoiceNumber.Length > 0),
            _ when file == SimFiles.ProviderName => Provider(who.Provider, content.Length),
            _ when file == SimFiles.AccessClass => AccessClass(who.Imsi[^1] - '0'),
            _ when file == SimFiles.Location => [.. Filled(3, Unused), .. NoNetwork, 0xFF, 0xFE, 0x00, 0x01],
            _ when file == SimFiles.GprsKey => Filled(8, last: 0x07),
            _ when file == SimFiles.GprsLocation => [.. Filled(6, Unused), .. NoNetwork, 0xFF, 0xFE, 0xFF, 0x01],
            _ when file == SimFiles.Administrative => [0x00, 0x00, 0x00, NetworkCode(who.NetworkCodeDigits)],
            _ when file == SimFiles.EmergencyCalls => EmergencyNumber,
            _ when file == SimFiles.PreferredLanguages => "en"u8,
            _ when file == SimFiles.ChargeLimit || file == SimFiles.Charges => new byte[file.Size],
            _ when file == SimFiles.ChargeUnit => [0xFF, 0xFF, 0xFF, 0x00, 0x00],
            _ when file == SimFiles.Phase => [0x03],
            _ when file == SimFiles.OwnNumbers => Dialling("", who.Msisdn),
            _ when file == SimFiles.MessageParameters => MessageParameters(who.ServiceCentre),
            _ => UsimImage.ContentOf(file, who),
        };
        known.CopyTo(content);
        if (file == SimFiles.Messages)
            for (var at = 0; at < content.Length; at += file.RecordLength) content[at] = 0x00;
        return content;
    }

    private static Address Number(string number)
    {
        try
        {
            return Address.Parse(number);
        }
        catch (FormatException bad)
        {
            throw new ArgumentException(bad.Message, nameof(number), bad);
        }
    }

    private static string Checked(string digits, int least, int most) =>
        digits.Length >= least && digits.Length <= most && digits.All(char.IsAsciiDigit)
            ? digits
            : throw new ArgumentException($"{digits} is not {least} to {most} digits.", nameof(digits));

    /// <summary>Two an octet, low nibble first, padded F.</summary>
    private static byte[] Digits(string digits, int length)
    {
        var octets = Filled(length - 1, Unused);
        for (var i = 0; i < digits.Length; i++)
            octets[i / 2] &= (byte)(i % 2 == 0 ? 0xF0 | (digits[i] - '0') : 0x0F | ((digits[i] - '0') << 4));
        return octets;
    }

    /// <summary>Length, then parity and type in the first nibble, then the digits (TS 24.008 §10.5.1.4).</summary>
    private static byte[] Imsi(string digits)
    {
        var parity = digits.Length % 2 == 1 ? '9' : '1';
        var octets = Digits(parity + digits, 8);
        return [(byte)((digits.Length / 2) + 1), .. octets];
    }

    private static byte[] Filled(int count, byte last)
    {
        var octets = new byte[count + 1];
        octets.AsSpan().Fill(Unused);
        octets[^1] = last;
        return octets;
    }

    /// <summary>Two bits a service: allocated, activated.</summary>
    private static byte[] ServiceTable(int length, bool knowsCalls)
    {
        var table = new byte[length];
        foreach (var service in knowsCalls ? [.. Services, CallControl] : Services)
            table[(service - 1) / 4] |= (byte)(0b11 << ((service - 1) % 4 * 2));
        return table;
    }

    private static byte[] Provider(string name, int length)
    {
        var text = AlphaIdentifier.Encode(name);
        return text.Length < length
            ? [0x01, .. text.Span]
            : throw new ArgumentException($"{name} is longer than {length - 1} octets.", nameof(name));
    }

    private static byte NetworkCode(int digits) => digits is 2 or 3
        ? (byte)digits
        : throw new ArgumentOutOfRangeException(nameof(digits), digits, "A network code has 2 or 3 digits.");

    private static byte[] AccessClass(int digit) => [(byte)((1 << digit) >> 8), (byte)(1 << digit)];

    /// <summary>A record of the phone book: name, length of the number, number, and no extension (§10.5.1).</summary>
    private static byte[] Dialling(string name, string number)
    {
        var record = Filled(SimFiles.PhoneBookRecord - 1, Unused);
        AlphaIdentifier.Encode(name).Span.CopyTo(record);
        var dialled = DialNumber.Encode(number);
        record[SimFiles.AlphaLength] = (byte)dialled.Length;
        dialled.Span.CopyTo(record.AsSpan(SimFiles.AlphaLength + 1, AddressField - 1));
        return record;
    }

    /// <summary>Service centre, TP-PID, TP-DCS and TP-VP are there, TP-DA is not (§10.5.6).</summary>
    private static byte[] MessageParameters(string serviceCentre)
    {
        var record = Filled(SimFiles.MessageParametersRecord - 1, Unused);
        var fields = record.AsSpan(SimFiles.AlphaLength);
        fields[0] = 0b1110_0001;
        var number = DialNumber.Encode(serviceCentre);
        fields[1 + AddressField] = (byte)number.Length;
        number.Span.CopyTo(fields.Slice(2 + AddressField, AddressField - 1));
        (fields[25], fields[26], fields[27]) = (0x00, 0x00, OneDay);
        return record;
    }
}
