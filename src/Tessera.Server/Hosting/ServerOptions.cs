using System.Globalization;
using System.Net;
using Tessera.Phone.Speech;
using Tessera.Platform.Dialogues;
using Tessera.Platform.Money;
using Tessera.Platform.Sessions.Verifying;
using Tessera.Platform.Views;
using Tessera.Storage.Keys;
using Tessera.VirtualCard.Sim;

namespace Tessera.Server.Hosting;

/// <summary>What an operator chooses at start: by command line, environment or settings file.</summary>
public sealed record ServerOptions
{
    /// <summary>The data folder, made at first start. Default <c>data</c> in the current folder.</summary>
    public string Data { get; init; } = "data";

    /// <summary>
    /// Where the passphrase of the vault is, a file or <c>env:NAME</c>. Default none: it is not sealed under one.
    /// </summary>
    public string? VaultPassphrase { get; init; }

    /// <summary>The key file of the vault. Default none.</summary>
    public string? VaultKey { get; init; }

    /// <summary>Port of pages and API on 127.0.0.1; 0 takes a free one. Default 5080.</summary>
    public int Port { get; init; } = 5080;

    /// <summary>Port of the links on 127.0.0.1; 0 takes a free one. Default 5443.</summary>
    public int LinkPort { get; init; } = 5443;

    /// <summary>
    /// Port of the links in a plain TLS stream on 127.0.0.1; 0 takes a free one. Default none, and a free one with the
    /// lab.
    /// </summary>
    public int? TlsPort { get; init; }

    /// <summary>
    /// Where the links in a plain TLS stream are taken: a terminal elsewhere needs more than 127.0.0.1, which only a server
    /// without the lab gives. Default 127.0.0.1.
    /// </summary>
    public IPAddress TlsAddress { get; init; } = IPAddress.Loopback;

    /// <summary>
    /// Virtual readers (vpcd) of this machine for cards whose holders let programs here use them, one card each. Default
    /// none: such cards are sent back.
    /// </summary>
    public IReadOnlyList<IPEndPoint> RelayReaders { get; init; } = [];

    /// <summary>Whether the lab runs inside the server. Default yes.</summary>
    public bool Lab { get; init; } = true;

    /// <summary>Port of the SMSC for ESMEs (SMPP) on 127.0.0.1; 0 takes a free one. Default 0.</summary>
    public int SmppPort { get; init; }

    /// <summary>Port of the SMSC for phones (docs/protocols/air.md) on 127.0.0.1; 0 takes a free one. Default 0.</summary>
    public int AirPort { get; init; }

    /// <summary>
    /// Port of the calls to the service (SIP over UDP and TCP) on 127.0.0.1; 0 takes a free one. Default none, and a free
    /// one with the lab.
    /// </summary>
    public int? SipPort { get; init; }

    /// <summary>The number that cards send to. Default that of the lab's SIMs.</summary>
    public string ServiceNumber { get; init; } = SimSubscription.Demonstration.ServiceNumber;

    /// <summary>
    /// Numbers that callers reach an application's offers at, without +, and the names of the applications. Default: the
    /// shop at the number behind that of the login.
    /// </summary>
    public IReadOnlyDictionary<string, string> OfferNumbers { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal) { ["33639980084"] = "shop" };

    /// <summary>What is spoken on these numbers. Default English.</summary>
    public SpokenLanguage Language { get; init; } = SpokenLanguage.English;

    /// <summary>By what cards may verify their holders. Default by the PIN alone.</summary>
    public Verification Verification { get; init; } = Verification.Pin;

    /// <summary>
    /// Who says whether it is a holder who is there, where that is not left to their card. Default nobody.
    /// </summary>
    public VerifierAddress? Verifier { get; init; }

    /// <summary>Verifications in a row that were declined or failed, after which a card is disabled. Default 0: never.</summary>
    public int DisableAfter { get; init; }

    /// <summary>What is wanted of the certificates of cards when a session begins. Default nothing.</summary>
    public CertificatePolicy Certificates { get; init; } = CertificatePolicy.Ignored;

    /// <summary>The folder of authorities that are believed. Default <c>trust</c> in the data folder.</summary>
    public string? Trust { get; init; }

    /// <summary>
    /// What of a trusted certificate says whose a card is that has nothing but a PIV application and that nobody registered.
    /// Default nothing: such cards are registered, or not accepted.
    /// </summary>
    public HolderNaming PivHolders { get; init; } = HolderNaming.None;

    /// <summary>What cards may do without the server. Default nothing, and debits without PIN as they were made.</summary>
    public PursePolicy Purses { get; init; } = new();

    /// <summary>
    /// Whether the keys of callers are taken from telephone events (RFC 4733) where they offer them, or all keys from their
    /// tones. Default yes.
    /// </summary>
    public bool TelephoneEvents { get; init; } = true;

    /// <summary>An SMSC of somebody else, used in place of the one inside the server; null for that one.</summary>
    public ExternalSmsc? Smsc { get; init; }

    /// <summary>The port to listen on for plain TLS streams, if any.</summary>
    internal int? StreamPort => TlsPort ?? (Lab ? 0 : null);

    /// <summary>What opens the vault; the caller disposes it.</summary>
    /// <exception cref="FormatException">There is no secret where it is said to be.</exception>
    internal async Task<VaultSeal> ReadSealAsync(CancellationToken cancel) => new(
        VaultPassphrase is { } source ? await SecretSource.ReadLineAsync("--vault-passphrase", source, cancel) : null,
        VaultKey is { } path ? await File.ReadAllBytesAsync(path, cancel) : null);

    /// <exception cref="FormatException">A value is not of its kind or out of its range.</exception>
    public static ServerOptions Read(IConfiguration configuration)
    {
        var defaults = new ServerOptions();
        return new ServerOptions
        {
            Data = Path.GetFullPath(configuration["data"] ?? defaults.Data),
            VaultPassphrase = configuration["vault-passphrase"],
            VaultKey = configuration["vault-key"],
            Port = Number(configuration, "port", defaults.Port),
            LinkPort = Number(configuration, "link-port", defaults.LinkPort),
            TlsPort = configuration["tls-port"] is null ? null : Number(configuration, "tls-port", 0),
            TlsAddress = AddressOf(configuration["tls-address"], Flag(configuration, "lab", defaults.Lab))
                ?? defaults.TlsAddress,
            RelayReaders = Readers(configuration["relay-vpcd"]),
            SmppPort = Number(configuration, "smpp-port", defaults.SmppPort),
            AirPort = Number(configuration, "air-port", defaults.AirPort),
            SipPort = configuration["sip-port"] is null ? null : Number(configuration, "sip-port", 0),
            ServiceNumber = configuration["service-number"] switch
            {
                null => defaults.ServiceNumber,
                { Length: >= 3 and <= 15 } digits when digits.All(char.IsAsciiDigit) => digits,
                var text => throw new FormatException($"--service-number has 3 to 15 digits, not '{text}'."),
            },
            OfferNumbers = Offers(configuration["offer-numbers"]) ?? defaults.OfferNumbers,
            Language = LanguageOf(configuration["language"]) ?? defaults.Language,
            Verification = configuration["verification"] switch
            {
                null => defaults.Verification,
                "pin" => Verification.Pin,
                "finger" => Verification.Finger,
                "either" => Verification.Either,
                "verifier" => Verification.Pin | Verification.Verifier,
                var text => throw new FormatException($"--verification is pin, finger, either or verifier, not '{text}'."),
            },
            Verifier = VerifierOf(configuration),
            DisableAfter = Number(configuration, "disable-after", defaults.DisableAfter),
            Certificates = configuration["certificates"] switch
            {
                null => defaults.Certificates,
                "ignored" => CertificatePolicy.Ignored,
                "checked" => CertificatePolicy.Checked,
                "required" => CertificatePolicy.Required,
                var text => throw new FormatException($"--certificates is ignored, checked or required, not '{text}'."),
            },
            PivHolders = configuration["piv-holders"] switch
            {
                null => defaults.PivHolders,
                "none" => HolderNaming.None,
                "serial-number" => HolderNaming.SerialNumber,
                "mail" => HolderNaming.Mail,
                "principal-name" => HolderNaming.PrincipalName,
                "subject" => HolderNaming.Subject,
                var text => throw new FormatException(
                    $"--piv-holders is none, serial-number, mail, principal-name or subject, not '{text}'."),
            },
            Trust = configuration["trust"] is { } trust ? Path.GetFullPath(trust) : null,
            Purses = new PursePolicy
            {
                OfflineAllowance = Money(configuration, "offline-allowance")?.MinorUnits ?? 0,
                GreatestWithoutPin = Money(configuration, "pin-threshold")?.MinorUnits,
            },
            Smsc = ExternalSmsc.Read(configuration),
            TelephoneEvents = Flag(configuration, "telephone-events", defaults.TelephoneEvents),
            Lab = Flag(configuration, "lab", defaults.Lab),
        };
    }

    private static Dictionary<string, string>? Offers(string? text) =>
        text?.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(one => one.Split('=')).ToDictionary(
            one => one is [{ Length: > 0 and <= 15 } digits, _] && digits.All(char.IsAsciiDigit)
                ? digits
                : throw new FormatException($"--offer-numbers is like 33639980084=shop, with commas, not '{text}'."),
            one => one[1], StringComparer.Ordinal);

    private static VerifierAddress? VerifierOf(IConfiguration configuration)
    {
        var isWanted = string.Equals(configuration["verification"], "verifier", StringComparison.Ordinal);
        return (configuration["verifier"], configuration["verifier-at"]) switch
        {
            (null, null) when !isWanted => null,
            ({ } path, { } at) when isWanted => VerifierAddress.Parse(Path.GetFullPath(path), at),
            _ => throw new FormatException("--verification verifier, --verifier and --verifier-at belong together."),
        };
    }

    private static SpokenLanguage? LanguageOf(string? code) => code is null
        ? null
        : SpokenLanguage.All.FirstOrDefault(one => string.Equals(one.Code, code, StringComparison.Ordinal))
        ?? throw new FormatException($"--language is en, de, fr or es, not '{code}'.");

    private static IReadOnlyList<IPEndPoint> Readers(string? text) =>
        [.. (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(one =>
            IPEndPoint.TryParse(one, out var reader) && reader.Port > 0
                ? reader
                : throw new FormatException($"--relay-vpcd is like 127.0.0.1:35963, with commas, not '{text}'."))];

    private static IPAddress? AddressOf(string? text, bool lab)
    {
        if (text is null) return null;
        if (!IPAddress.TryParse(text, out var address))
            throw new FormatException($"--tls-address is an address such as 0.0.0.0, not '{text}'.");
        return IPAddress.IsLoopback(address) || !lab
            ? address
            : throw new FormatException("--tls-address elsewhere than on this machine needs --lab false.");
    }

    private static Amount? Money(IConfiguration configuration, string name) => configuration[name] switch
    {
        null => null,
        var text when Amount.TryParse(text, out var amount) => amount,
        var text => throw new FormatException($"--{name} is an amount like 20.00, not '{text}'."),
    };

    private static bool Flag(IConfiguration configuration, string name, bool otherwise) => configuration[name] switch
    {
        null => otherwise,
        var text when bool.TryParse(text, out var on) => on,
        var text => throw new FormatException($"--{name} is true or false, not '{text}'."),
    };

    private static int Number(IConfiguration configuration, string name, int otherwise)
    {
        if (configuration[name] is not { } text) return otherwise;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= ushort.MaxValue
            ? port
            : throw new FormatException($"--{name} is a port from 0 to 65535, not '{text}'.");
    }
}
