using System.Buffers.Binary;
using System.CommandLine;
using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Cli.Keys;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Sim;

namespace Tessera.Cli.Issuing;

/// <summary><c>tessera card image</c>: the file that is the memory of a card in software.</summary>
internal static class ImageVerbs
{
    private const string Iso = "iso";
    private const string Sim = "sim";
    private const string Store = "store";

    private static readonly Argument<string> File = new("file") { Description = "The file." };

    public static Command Create() => new("image", "The memory of a card in software.") { New(), Show() };

    private static Command New()
    {
        var profile = new Option<string>("--profile")
        {
            Description = "For a reader, a SIM, or for a reader without a purse.", DefaultValueFactory = _ => Iso,
        };
        profile.AcceptOnlyFromAmong(Iso, Sim, Store);
        var piv = new Option<bool>("--piv") { Description = "With the PIV application, whose keys are not there yet." };
        var finger = new Option<bool>("--finger") { Description = "It can compare a finger." };
        var batch = KeyAtHand.Option("--batch", "The master key of its domain (KDF3); the published one where it is not named");
        var version = new Option<string>("--batch-version")
        {
            Description = "Key version of its domain.",
            HelpName = "hex",
            DefaultValueFactory = _ => $"{DemonstrationKeys.DomainVersion:X2}",
        };
        var command = new Command(
            "new",
            "Make a blank card, as a maker delivers it: 'tessera card issue' personalises it. Example: "
            + "tessera card image new blank.img --profile sim")
        {
            File, profile, piv, finger, batch, version, Verb.Json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var (path, kind) = (parsed.GetRequiredValue(File), parsed.GetRequiredValue(profile));
            if (kind is Sim && (parsed.GetValue(piv) || parsed.GetValue(finger)))
                throw new FormatException("--piv and --finger are for a card with contacts, not for a SIM.");
            using var key = parsed.GetValue(batch) is { } source
                ? await KeyAtHand.ReadAsync(batch.Name, source, cancel)
                : DemonstrationKeys.CreateDomain();
            var blank = new BlankCard
            {
                Chip = NewChip(),
                HasPurse = kind is not Store,
                HasPiv = parsed.GetValue(piv),
                HasFinger = parsed.GetValue(finger),
                Subscription = kind is Sim ? SimSubscription.Demonstration : null,
            };
            Make(path, blank, key, SecureChannels.ScpAtHand.Octet(version.Name, parsed.GetRequiredValue(version)));
            if (parsed.GetValue(Verb.Json)) Verb.PrintJson(new { file = path, chip = blank.Chip.ToString(), profile = kind });
            else Console.WriteLine($"Blank card, chip {blank.Chip}, in {path}.");
        });
        return command;
    }

    private static Command Show()
    {
        var command = new Command(
            "info", "Print what is in an image without its secrets; a damaged one is told as such. Example: "
            + "tessera card image info card.img")
        {
            File, Verb.Json,
        };
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(File);
            ImageSummary summary;
            using (var medium = FileMedium.Open(path)) summary = ImageSummary.Read(medium);
            var life = Enum.IsDefined(summary.Life) ? summary.Life.ToString() : $"{(byte)summary.Life:X2}";
            if (parsed.GetValue(Verb.Json))
            {
                Verb.PrintJson(new
                {
                    card = summary.Card.ToString(), life, summary.IsSim, applets = summary.Applets, summary.Octets,
                    summary.Cells, summary.Pages, summary.Used,
                });
                return;
            }

            Console.WriteLine($"Card           {summary.Card}{(summary.IsSim ? ", a SIM" : "")}");
            Console.WriteLine($"Life           {life}");
            Console.WriteLine($"Applications   {string.Join(", ", summary.Applets)}");
            Console.WriteLine(
                $"Image          {summary.Octets} octets, {summary.Cells} cells with {summary.Used} octets in them, "
                + $"{summary.Pages} pages of files");
        });
        return command;
    }

    /// <summary>Under another name first, so that no half card is ever taken for one.</summary>
    private static void Make(string path, BlankCard blank, Wire.SecretKey key, byte version)
    {
        if (System.IO.File.Exists(path)) throw new IOException($"{path} is there already.");
        var unfinished = $"{path}.new";
        System.IO.File.Delete(unfinished);
        using (var medium = FileMedium.Create(unfinished))
            blank.Create(medium, key, version, TimeProvider.System.GetUtcNow());
        System.IO.File.Move(unfinished, path);
    }

    private static CardId NewChip()
    {
        Span<byte> octets = stackalloc byte[CardId.Length];
        RandomNumberGenerator.Fill(octets);
        return new CardId(BinaryPrimitives.ReadUInt64BigEndian(octets));
    }
}
