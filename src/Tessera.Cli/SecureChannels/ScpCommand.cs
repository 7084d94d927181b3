using System.CommandLine;
using Tessera.Cards;
using Tessera.Cards.SecureChannels;
using Tessera.Cli.Apdus;
using Tessera.Wire;

namespace Tessera.Cli.SecureChannels;

/// <summary><c>tessera scp</c>: secure channels to cards (SCP03).</summary>
internal static class ScpCommand
{
    private const ushort KeyInformation = 0xE0;

    private static readonly Option<string?> Script = new("--script")
    {
        Description = "A file of C-APDUs to send, one on a line, as of 'tessera apdu --script'; - for standard input. It stops "
            + "at the first difference.",
        HelpName = "file",
    };

    private static readonly Option<string> NewVersion = new("--new-version")
    {
        Description = "The version of the new keys, 01 to 7F.", HelpName = "hex", Required = true,
    };

    private static readonly Option<string> Replaced = new("--replace")
    {
        Description = "The version that they take the place of; 00 for none.",
        HelpName = "hex",
        DefaultValueFactory = _ => "00",
    };

    public static Command Create() =>
        new("scp", "Secure channels to cards (GlobalPlatform SCP03).") { Open(), Status(), PutKeys() };

    private static Command Open()
    {
        var command = new Command(
            "open",
            "Open a secure channel, print what card and host agreed on, and send commands through it. Examples: "
            + "tessera scp open --reader NAME --demonstration; "
            + "--card card.img --kdf3 master.key --level 33 --script personalise.apdu; "
            + "--reader NAME --enc env:ENC --mac env:MAC --dek env:DEK")
        {
            Script, Verb.Json,
        };
        foreach (var option in ScpAtHand.Options) command.Add(option);
        command.SetAction(OpenAsync);
        return command;
    }

    private static Command Status()
    {
        var command = new Command(
            "status",
            "Print the key versions of a security domain, and the applications it knows. "
            + "Example: tessera scp status --reader NAME --demonstration")
        {
            Verb.Json,
        };
        foreach (var option in ScpAtHand.Options) command.Add(option);
        command.SetAction(async (parsed, cancel) =>
        {
            var keys = await ChannelKeysAtHand.Card.ReadAsync(parsed, cancel);
            await using var scp = await ScpAtHand.OpenAsync(parsed, keys, cancel);
            var report = new DomainReport(
                await EntriesAsync(scp.Channel, RegistryKind.IssuerDomain, cancel),
                await EntriesAsync(scp.Channel, RegistryKind.Applications, cancel),
                KeyReport.ReadList(await DataAsync(scp.Channel, KeyInformation, cancel)));
            if (parsed.GetValue(Verb.Json)) Verb.PrintJson(report);
            else foreach (var line in report.Lines()) Console.WriteLine(line);
        });
        return command;
    }

    private static Command PutKeys()
    {
        var command = new Command(
            "put-keys",
            "Give a card new keys for its secure channel, and check that it took them. Example: "
            + "tessera scp put-keys --reader NAME --kdf3 old.key --replace 30 --new-version 31 --new-kdf3 new.key")
        {
            Replaced, NewVersion, Verb.Json,
        };
        foreach (var option in (Option[])[.. ScpAtHand.Options, .. ChannelKeysAtHand.New.Options]) command.Add(option);
        command.SetAction(async (parsed, cancel) =>
        {
            var replaced = ScpAtHand.Octet(Replaced.Name, parsed.GetRequiredValue(Replaced));
            var version = ScpAtHand.Octet(NewVersion.Name, parsed.GetRequiredValue(NewVersion));
            var had = await ChannelKeysAtHand.Card.ReadAsync(parsed, cancel);
            using var gets = await ChannelKeysAtHand.New.ReadAsync(parsed, cancel);
            await using var scp = await ScpAtHand.OpenAsync(parsed, had, cancel);
            using var old = had.Of(scp.Channel.Card);
            using var keys = gets.Of(scp.Channel.Card);
            var put = GlobalPlatformCommands.PutKeys(replaced, version, keys, old.DataEncryption);
            var answer = (await scp.Channel.TransmitAsync(put, cancel)).EnsureSuccess(put);
            if (answer.Data != GlobalPlatformCommands.PutKeysAnswer(version, keys))
                return Verb.Fail("The card says that it has other keys than those that were sent.");

            string[] checks =
            [
                $"{KeyCheckValue.Of(keys.Encryption)}", $"{KeyCheckValue.Of(keys.Mac)}",
                $"{KeyCheckValue.Of(keys.DataEncryption)}",
            ];
            var shown = ChannelReport.Hex(version);
            if (parsed.GetValue(Verb.Json)) Verb.PrintJson(new { keyVersion = shown, keys.Length, checks });
            else Console.WriteLine($"Keys of version {shown}, {keys.Length} octets, check values {string.Join(' ', checks)}");
            return 0;
        });
        return command;
    }

    private static async Task<IReadOnlyList<EntryReport>> EntriesAsync(
        SecureChannel channel, RegistryKind kind, CancellationToken cancel)
    {
        var command = GlobalPlatformCommands.GetStatus(kind, Bytes.Empty);
        var answer = await channel.TransmitAsync(command, cancel);
        return answer.Status == StatusWord.ReferencedDataNotFound
            ? []
            : [.. RegistryEntry.ReadList(answer.EnsureSuccess(command).Data).Select(EntryReport.Of)];
    }

    private static async Task<Bytes> DataAsync(SecureChannel channel, ushort tag, CancellationToken cancel)
    {
        var command = GlobalPlatformCommands.GetData(tag);
        return (await channel.TransmitAsync(command, cancel)).EnsureSuccess(command).Data;
    }

    private static async Task<int> OpenAsync(ParseResult parsed, CancellationToken cancel)
    {
        var keys = await ChannelKeysAtHand.Card.ReadAsync(parsed, cancel);
        var lines = parsed.GetValue(Script) is { } script ? await ApduLine.ReadAsync(script, [], cancel) : [];
        await using var scp = await ScpAtHand.OpenAsync(parsed, keys, cancel);
        var isJson = parsed.GetValue(Verb.Json);
        if (!isJson) foreach (var line in scp.Report.Lines()) Console.WriteLine(line);

        var exchanges = new List<ExchangeReport>();
        string? difference = null;
        foreach (var line in lines)
        {
            var command = line.Command!;
            var answer = await scp.Channel.TransmitAsync(command, cancel);
            exchanges.Add(new ExchangeReport(command.Header, answer.Data.ToString(), answer.Status.ToString()));
            if (!isJson) Console.WriteLine(exchanges[^1].Line());
            if (line.Accepts(answer)) continue;
            difference = line.Difference(answer);
            break;
        }

        if (isJson) Verb.PrintJson(scp.Report with { Exchanges = exchanges });
        return difference is null ? 0 : Verb.Fail(difference);
    }
}
