using System.CommandLine;
using System.Globalization;
using System.Text.Json.Serialization;
using Tessera.Cards;
using Tessera.Cards.SecureChannels;
using Tessera.Cli.Keys;
using Tessera.Wire;

namespace Tessera.Cli;

/// <summary><c>tessera scp</c>: secure channels to cards (SCP03).</summary>
internal static class ScpCommand
{
    private const string Input = "-";
    private const int MaxCommands = 10_000;

    private static readonly Option<string> Aid = new("--aid")
    {
        Description = "The security domain, or the application that has a secure channel.",
        HelpName = "hex",
        DefaultValueFactory = _ => GlobalPlatformCommands.IssuerDomain.ToString(),
    };

    private static readonly Option<string> KeyVersion = new("--key-version")
    {
        Description = "The key version, 00 for the one that the card takes first.",
        HelpName = "hex",
        DefaultValueFactory = _ => "00",
    };

    private static readonly Option<string?> Level = new("--level")
    {
        Description = "00, 01, 03, 11, 13 or 33: what protects commands (low digit) and answers (high digit). Default: "
            + "the strongest that the card has.",
        HelpName = "hex",
    };

    private static readonly Option<string?> Script = new("--script")
    {
        Description = "A file of C-APDUs to send, one on a line, # for remarks; - for standard input. It stops at the first "
            + "error.",
        HelpName = "file",
    };

    public static Command Create() => new("scp", "Secure channels to cards (GlobalPlatform SCP03).") { Open() };

    private static Command Open()
    {
        var command = new Command(
            "open",
            "Open a secure channel, print what card and host agreed on, and send commands through it. Examples: "
            + "tessera scp open --reader NAME --demonstration; "
            + "--card card.img --kdf3 master.key --level 33 --script personalise.apdu; "
            + "--reader NAME --enc env:ENC --mac env:MAC --dek env:DEK")
        {
            Aid, KeyVersion, Level, Script, Verb.Json,
        };
        foreach (var option in (Option[])[.. CardAtHand.OptionsWithImage, .. ChannelKeysAtHand.Options]) command.Add(option);
        command.SetAction(OpenAsync);
        return command;
    }

    private static async Task<int> OpenAsync(ParseResult parsed, CancellationToken cancel)
    {
        var aid = Verb.Hex(Aid.Name, parsed.GetRequiredValue(Aid));
        var options = new SecureChannelOptions
        {
            KeyVersion = Octet(KeyVersion.Name, parsed.GetRequiredValue(KeyVersion)),
            Level = parsed.GetValue(Level) is { } level ? LevelOf(level) : null,
        };
        using var keys = await ChannelKeysAtHand.ReadAsync(parsed, cancel);
        var commands = parsed.GetValue(Script) is { } script ? await ReadAsync(script, cancel) : [];
        await using var card = await CardAtHand.OpenAsync(parsed, cancel);

        var select = GlobalPlatformCommands.Select(aid);
        (await card.Channel.TransmitAsync(select, cancel)).EnsureSuccess(select);
        using var channel = await SecureChannel.OpenAsync(card.Channel, keys.Of, options, cancel);
        var isJson = parsed.GetValue(Verb.Json);
        var report = ChannelReport.Of(card.Reader, aid, channel);
        if (!isJson) foreach (var line in report.Lines()) Console.WriteLine(line);

        var exchanges = new List<ExchangeReport>();
        foreach (var command in commands)
        {
            var answer = await channel.TransmitAsync(command, cancel);
            exchanges.Add(new ExchangeReport(command.Header, answer.Data.ToString(), answer.Status.ToString()));
            if (!isJson) Console.WriteLine(exchanges[^1].Line());
            if (!answer.Status.IsSecured()) break;
        }

        if (isJson) Verb.PrintJson(report with { Exchanges = exchanges });
        return exchanges is [.., { IsError: true } failed]
            ? Verb.Fail($"The card answered {failed.Status} to command {exchanges.Count} of {commands.Count}.")
            : 0;
    }

    /// <summary>All of them, before the first is sent.</summary>
    private static async Task<List<CommandApdu>> ReadAsync(string script, CancellationToken cancel)
    {
        using var file = script is Input ? null : File.OpenText(script);
        var commands = new List<CommandApdu>();
        for (var number = 1; ; number++)
        {
            var line = file is null ? await Verb.ReadLineAsync(cancel) : await file.ReadLineAsync(cancel);
            if (line is null) return commands;
            var text = line.Split('#')[0];
            if (string.IsNullOrWhiteSpace(text)) continue;
            if (commands.Count == MaxCommands) throw new FormatException($"A script has at most {MaxCommands} commands.");
            commands.Add(ApduCommand.Read($"line {number}", text));
        }
    }

    private static SecurityLevel LevelOf(string text)
    {
        var level = (SecurityLevel)Octet(Level.Name, text);
        return SecurityLevels.All.Contains(level)
            ? level
            : throw new FormatException($"{Level.Name} is 00, 01, 03, 11, 13 or 33, not {text}.");
    }

    private static byte Octet(string name, string text) =>
        Verb.Hex(name, text) is { Length: 1 } octets
            ? octets.Span[0]
            : throw new FormatException($"{name} has one octet, two hexadecimal digits.");
}

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

    private static string Hex(byte octet) => octet.ToString("X2", CultureInfo.InvariantCulture);

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
    [JsonIgnore]
    public bool IsError => !Status.StartsWith("90", StringComparison.Ordinal)
        && !Status.StartsWith("62", StringComparison.Ordinal) && !Status.StartsWith("63", StringComparison.Ordinal);

    public string Line() => $"{Command}       {Data}{(Data.Length == 0 ? "" : " ")}{Status}";
}
