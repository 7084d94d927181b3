using System.Globalization;
using Tessera.Cards.SecureChannels;
using Tessera.Wire;

namespace Tessera.Cli.SecureChannels;

/// <summary>What card and host agreed on.</summary>
/// <param name="Sequence">Null where the card's challenge is random.</param>
internal sealed record ChannelReport(
    string Reader, string Aid, string KeyVersion, string Diversification, string I, uint? Sequence, string Level,
    IReadOnlyList<ExchangeReport> Exchanges)
{
    public static ChannelReport Of(string reader, Bytes aid, SecureChannel channel) => new(
        reader, aid.ToString(), Hex(channel.Card.KeyVersion), channel.Card.Diversification.ToString(),
        Hex((byte)channel.Card.Options), channel.Card.Sequence, Hex((byte)channel.Level), []);

    public IEnumerable<string> Lines() =>
    [
        $"Reader         {Reader}",
        $"Selected       {Aid}",
        $"Card           i {I}, {(Sequence is { } sequence ? $"session {sequence}" : "random challenge")}",
        $"  diversified  {Diversification}",
        $"Keys           version {KeyVersion}, the card has them",
        $"Level          {Level}: {Words()}",
    ];

    public static string Hex(byte octet) => octet.ToString("X2", CultureInfo.InvariantCulture);

    private string Words() => Level switch
    {
        "00" => "authenticated, nothing protected",
        "01" => "commands with codes",
        "03" => "commands ciphered, with codes",
        "11" => "commands and answers with codes",
        "13" => "commands ciphered, commands and answers with codes",
        _ => "commands and answers ciphered, with codes",
    };
}

/// <summary>A command by its header, for its data may be secret, and what the card said.</summary>
internal sealed record ExchangeReport(string Command, string Data, string Status)
{
    public string Line() => $"{Command}       {Data}{(Data.Length == 0 ? "" : " ")}{Status}";
}

/// <summary>What a security domain tells of itself and of the card.</summary>
internal sealed record DomainReport(
    IReadOnlyList<EntryReport> Domains, IReadOnlyList<EntryReport> Applications, IReadOnlyList<KeyReport> Keys)
{
    public IEnumerable<string> Lines() =>
    [
        .. Domains.Select(each => $"Domain         {each.Line()}"),
        .. Applications.Select(each => $"Application    {each.Line()}"),
        .. Keys.Select(each => $"Key            version {each.Version}, id {each.Id}, {each.Kind}, {each.Octets} octets"),
    ];
}

/// <param name="State">0F: a domain that has its keys; 07: an application that can be selected.</param>
internal sealed record EntryReport(string Aid, string State, string Privileges)
{
    public static EntryReport Of(RegistryEntry entry) =>
        new(entry.Aid.ToString(), ChannelReport.Hex(entry.State), entry.Privileges.ToString());

    public string Line() => $"{Aid}, state {State}, privileges {Privileges}";
}

/// <summary>A key as GET DATA E0 tells of it (GlobalPlatform Card Specification §11.3).</summary>
internal sealed record KeyReport(string Version, int Id, string Kind, int Octets)
{
    private const ushort Template = 0xE0;
    private const ushort Entry = 0xC0;

    /// <exception cref="WireFormatException">The card told it in another form.</exception>
    public static IReadOnlyList<KeyReport> ReadList(Bytes answer)
    {
        var keys = new List<KeyReport>();
        var outer = new ByteReader(answer.Span);
        var entries = new ByteReader(Tlv.ReadExpected(ref outer, Template, "key information"));
        while (entries.Remaining > 0)
        {
            var entry = new ByteReader(Tlv.ReadExpected(ref entries, Entry, "key"));
            var (id, version) = (entry.ReadByte("key id"), entry.ReadByte("key version"));
            var (type, octets) = (entry.ReadByte("key type"), entry.ReadByte("key length"));
            var kind = type switch { EncryptedKey.Aes => "AES", 0x80 => "TDEA", _ => $"type {ChannelReport.Hex(type)}" };
            keys.Add(new KeyReport(ChannelReport.Hex(version), id, kind, octets));
        }

        return keys;
    }
}
