using System.CommandLine;
using Tessera.Cards;
using Tessera.Wire;

namespace Tessera.Cli.Keys;

/// <summary><c>tessera key</c>: keys made, derived and told apart, without showing them.</summary>
internal static class KeyCommand
{
    private const string OfAn10922 = "an10922";
    private const string OfAn10922Tdea = "an10922-tdea";
    private const string OfKdf3 = "kdf3";

    private static readonly string[] Purposes = ["enc", "mac", "dek"];

    private static readonly Option<string> Out = new("--out")
    {
        Description = "The file that the key goes to; it must not be there, and only you may read it.",
        HelpName = "file",
        Required = true,
    };

    public static Command Create() =>
        new("key", "Make keys, derive them, tell them apart.") { New(), Derive(), Check() };

    private static Command New()
    {
        var bits = new Option<int>("--bits")
        {
            Description = "128, 192 or 256.", HelpName = "bits", DefaultValueFactory = _ => 128,
        };
        var command = new Command(
            "new", "Make an AES key and print its check value. Example: tessera key new --out master.key --bits 256")
        {
            Out, bits, Verb.Json,
        };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(bits) is not (128 or 192 or 256) and var other)
                throw new FormatException($"--bits is 128, 192 or 256, not {other}.");
            using var key = SecretKey.Generate(parsed.GetValue(bits) / 8);
            Keep(parsed, key, isTdea: false);
        });
        return command;
    }

    private static Command Derive()
    {
        var master = KeyAtHand.Option("--master", "The master key");
        master.Required = true;
        var method = new Option<string>("--method")
        {
            Description = "How: by NXP AN10922 (AES, or triple DES), or by KDF3 for the secure channel of a card.",
            DefaultValueFactory = _ => OfAn10922,
        };
        method.AcceptOnlyFromAmong(OfAn10922, OfAn10922Tdea, OfKdf3);
        var input = new Option<string>("--input")
        {
            Description = "What differs for each card: 1 to 31 octets (triple DES 1 to 15); for KDF3 the 10 octets that "
                + "'tessera scp open' calls diversification.",
            HelpName = "hex",
            Required = true,
        };
        var purpose = new Option<string?>("--purpose") { Description = "Which key of KDF3." };
        purpose.AcceptOnlyFromAmong(Purposes);
        var command = new Command(
            "derive",
            "Derive a key from a master key and print its check value. Examples: tessera key derive --master master.key "
            + "--input 04782E21801D803042F54E585020416275 --out card.key; "
            + "--method kdf3 --purpose enc --input 00000123456789ABCDEF --out enc.key")
        {
            master, method, input, purpose, Out, Verb.Json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var octets = Verb.Hex("--input", parsed.GetRequiredValue(input));
            if (octets.Length == 0) throw new FormatException("--input: there are no octets.");
            var (how, which) = (parsed.GetRequiredValue(method), parsed.GetValue(purpose));
            if ((how is OfKdf3) != (which is not null))
                throw new FormatException("--purpose goes with --method kdf3, and only there.");
            using var key = await KeyAtHand.ReadAsync("--master", parsed.GetRequiredValue(master)!, cancel);
            using var derived = how switch
            {
                OfKdf3 => Kdf3.Derive(key, (byte)(Array.IndexOf(Purposes, which) + 1), octets.Span),
                OfAn10922Tdea => An10922Tdea.Diversify(key, octets.Span),
                _ => An10922.Diversify(key, octets.Span),
            };
            Keep(parsed, derived, how is OfAn10922Tdea);
        });
        return command;
    }

    private static Command Check()
    {
        var source = KeyAtHand.Option("--key", "The key");
        source.Required = true;
        var tdea = new Option<bool>("--tdea") { Description = "It is a triple DES key." };
        var command = new Command(
            "check", "Print the check value of a key. Example: tessera key check --key master.key")
        {
            source, tdea, Verb.Json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            using var key = await KeyAtHand.ReadAsync("--key", parsed.GetRequiredValue(source)!, cancel);
            Print(parsed, null, key, parsed.GetValue(tdea));
        });
        return command;
    }

    /// <summary>The check value comes first: a key that has none is not kept.</summary>
    private static void Keep(ParseResult parsed, SecretKey key, bool isTdea)
    {
        var path = parsed.GetRequiredValue(Out);
        _ = CheckValue(key, isTdea);
        KeyAtHand.WriteNew(path, key);
        Print(parsed, path, key, isTdea);
    }

    private static void Print(ParseResult parsed, string? file, SecretKey key, bool isTdea)
    {
        var (kind, check) = (isTdea ? "TDEA" : "AES", CheckValue(key, isTdea).ToString());
        if (parsed.GetValue(Verb.Json)) Verb.PrintJson(new { file, kind, octets = key.Length, check });
        else Console.WriteLine($"{kind} key of {key.Length} octets{(file is null ? "" : $" in {file}")}, check value {check}");
    }

    private static Bytes CheckValue(SecretKey key, bool isTdea) =>
        isTdea ? KeyCheckValue.OfTdea(key) : KeyCheckValue.Of(key);
}
