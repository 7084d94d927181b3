using System.CommandLine;
using System.Globalization;
using Tessera.Sms.Packets;
using Tessera.Wire;

namespace Tessera.Cli;

/// <summary><c>tessera ota</c>: secured packets of ETSI TS 102 225, made and opened.</summary>
internal static class OtaCommand
{
    private static readonly Option<string> Spi = Hex("--spi", "Security parameters, 2 octets.", required: true);
    private static readonly Option<string> ProofSpi =
        Hex("--spi2", "What the command asked of the proof, 1 octet.", required: true);
    private static readonly Option<string> Kic = Hex("--kic", "Cipher and key set, 1 octet.");
    private static readonly Option<string> Kid = Hex("--kid", "Checksum and key set, 1 octet.");
    private static readonly Option<string> KicKey = Hex("--kic-key", "The key that ciphers.");
    private static readonly Option<string> KidKey = Hex("--kid-key", "The key of the checksum.");
    private static readonly Option<string> Tar = Hex("--tar", "The application on the card, 3 octets.", required: true);
    private static readonly Option<string> Counter = Hex("--cntr", "The counter, 5 octets.", required: true);
    private static readonly Option<string> Data = Hex("--data", "What the packet carries.");

    private static readonly Option<bool> Legacy = new("--legacy")
    {
        Description = "Compute what the product refuses: DES, triple DES, AES without a counter.",
    };

    public static Command Create() => new("ota", "Secured packets for cards and their proofs of receipt.")
    {
        Wrap(), Unwrap(), UnwrapResponse(),
    };

    private static Command Wrap()
    {
        var command = new Command("wrap", "Print a command packet from CPL on.")
        {
            Spi, Kic, Kid, KicKey, KidKey, Tar, Counter, Data, Legacy,
        };
        command.SetAction(parsed =>
        {
            var header = new CommandHeader(
                Octets(parsed, Spi, 2).Read<Spi>(), Reference(parsed, Kic), Reference(parsed, Kid),
                Octets(parsed, Tar, Sms.Packets.Tar.Length).Read<Tar>());
            var counter = ulong.Parse(
                Octets(parsed, Counter, PacketCounter.Length).ToString(),
                NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            using var keys = Keys(parsed);
            var packet = new CommandPacket(header, counter, Octets(parsed, Data)).Wrap(keys, Policy(parsed));
            parsed.InvocationConfiguration.Output.WriteLine(packet);
        });
        return command;
    }

    private static Command Unwrap()
    {
        var packet = new Argument<string>("packet") { Description = "A command packet from CPL on." };
        var command = new Command("unwrap", "Open a command packet and print JSON.") { KicKey, KidKey, Legacy, packet };
        command.SetAction(parsed =>
        {
            using var keys = Keys(parsed);
            var octets = Verb.Hex("packet", parsed.GetRequiredValue(packet));
            var opened = CommandPacket.Open(octets.Span, keys, Policy(parsed));
            Print(parsed, new
            {
                spi = opened.Header.Spi.ToString(),
                kic = opened.Header.Kic.ToString(),
                kid = opened.Header.Kid.ToString(),
                tar = opened.Header.Tar.ToString(),
                cntr = Text(opened.Counter),
                pcntr = opened.PaddingCounter,
                data = Shown(opened).ToString(),
                integrity = opened.Integrity,
            });
        });
        return command;
    }

    private static Command UnwrapResponse()
    {
        var packet = new Argument<string>("packet") { Description = "A proof of receipt with its header, 02 71 00 .." };
        var command = new Command("unwrap-response", "Open a proof of receipt and print JSON.")
        {
            ProofSpi, Kic, Kid, KicKey, KidKey, Legacy, packet,
        };
        command.SetAction(parsed =>
        {
            // What the command was protected by is not known here, and not asked about.
            var asked = new CommandHeader(
                Bytes.CopyOf([0, Octets(parsed, ProofSpi, 1).Span[0]]).Read<Spi>(),
                Reference(parsed, Kic), Reference(parsed, Kid), default);
            using var keys = Keys(parsed);
            var octets = Verb.Hex("packet", parsed.GetRequiredValue(packet));
            var opened = ResponsePacket.Open(octets.Span, asked, keys, Policy(parsed));
            Print(parsed, new
            {
                tar = opened.Header.Tar.ToString(),
                cntr = Text(opened.Counter),
                pcntr = opened.PaddingCounter,
                status = opened.Status.ToString("X2", CultureInfo.InvariantCulture),
                data = Shown(opened).ToString(),
                integrity = opened.Integrity,
            });
        });
        return command;
    }

    private static void Print<T>(ParseResult parsed, T value) =>
        parsed.InvocationConfiguration.Output.WriteLine(Verb.ToJson(value));

    /// <summary>Of a packet that is not right the count of padding is not right either.</summary>
    private static Bytes Shown(OpenedPacket opened) => opened.Integrity == IntegrityVerdict.Failed
        ? new Bytes(opened.DataAndPadding.Memory[..^Math.Min(opened.PaddingCounter, opened.DataAndPadding.Length)])
        : opened.TakeData();

    private static string Text(ulong counter) => counter.ToString("X10", CultureInfo.InvariantCulture);

    private static PacketPolicy Policy(ParseResult parsed) =>
        parsed.GetValue(Legacy) ? PacketPolicy.Legacy : PacketPolicy.Strict;

    private static PacketKeys Keys(ParseResult parsed) =>
        PacketKeys.OfAnyLength(Octets(parsed, KicKey).Span, Octets(parsed, KidKey).Span);

    private static KeyReference Reference(ParseResult parsed, Option<string> option)
    {
        var octets = Octets(parsed, option);
        return octets.Length == 0 ? default : Octets(parsed, option, 1).Read<KeyReference>();
    }

    private static Bytes Octets(ParseResult parsed, Option<string> option) =>
        Verb.Hex(option.Name, parsed.GetValue(option) ?? "");

    private static Bytes Octets(ParseResult parsed, Option<string> option, int length)
    {
        var octets = Octets(parsed, option);
        return octets.Length == length
            ? octets
            : throw new FormatException($"{option.Name} has {length} octets, not {octets.Length}.");
    }

    private static Option<string> Hex(string name, string description, bool required = false) =>
        new(name) { Description = description, HelpName = "hex", Required = required };
}
