using System.Buffers.Binary;
using System.CommandLine;
using System.Net;
using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Cli.Issuing;
using Tessera.Cli.Keys;
using Tessera.Terminal.Ports;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Os;
using Tessera.VirtualCard.Piv;
using Tessera.VirtualCard.Vpcd;

namespace Tessera.Cli;

/// <summary><c>tessera card</c>: what is on a card, and a card in software.</summary>
internal static class CardCommand
{
    private const string Iso = "iso";
    private const string Sim = "sim";
    private const string Files = "files";

    public static Command Create()
    {
        var command = new Command("card", "What is on a card; cards issued, replaced and retired; a card in software.")
        {
            InfoVerb.Create(), Serve(), ImageVerbs.Create(),
        };
        foreach (var verb in IssueVerbs.All().Concat(RegisterVerbs.All())) command.Add(verb);
        return command.WithSeal();
    }

    private static Command Serve()
    {
        var reader = new Option<string>("--vpcd")
        {
            Description = "Where the virtual reader of pcscd listens.",
            HelpName = "host:port",
            DefaultValueFactory = _ => "127.0.0.1:35963",
        };
        var image = new Option<string>("--image")
        {
            Description = "The file that is the memory of the card; a new one becomes a new card.",
            HelpName = "file",
            Required = true,
        };
        var profile = new Option<string>("--profile")
        {
            Description = "The kind of a new card: for a reader, the same with an ISO file system, or a SIM.",
            DefaultValueFactory = _ => Iso,
        };
        profile.AcceptOnlyFromAmong(Iso, Files, Sim);
        var finger = new Option<string?>("--finger")
        {
            Description = "A new card with contacts knows the finger whose template is in the file (tessera finger new).",
            HelpName = "file",
        };
        var piv = new Option<bool>("--piv")
        {
            Description = "A new card with contacts is a PIV card, too, with four keys and their certificates.",
        };
        var command = new Command(
            "serve",
            "Keep a card in software in the virtual reader of pcscd until Ctrl+C. "
            + "Example: tessera card serve --image card.img --profile files --piv --trace -")
        {
            reader, image, profile, finger, piv, TraceAtHand.Option, Verb.Json,
        };
        command.Serves(async (parsed, cancel) =>
        {
            var endPoint = EndPointOf(parsed.GetRequiredValue(reader));
            var isJson = parsed.GetValue(Verb.Json);
            using var card = await OpenAsync(
                parsed.GetRequiredValue(image), parsed.GetRequiredValue(profile), parsed.GetValue(finger),
                parsed.GetValue(piv), isJson, cancel);
            using var trace = TraceAtHand.Open(parsed);
            var options = Staying(card.Id, parsed.GetRequiredValue(reader), isJson) with { Trace = trace?.Trace };
            await VpcdCard.RunAsync(endPoint, card, options, cancel);
        });
        return command;
    }

    /// <summary>The card stays whatever the reader does; only what changes is told.</summary>
    private static VpcdCardOptions Staying(CardId card, string reader, bool isJson)
    {
        var waiting = false;
        return new VpcdCardOptions
        {
            Reconnects = true,
            OnInserted = () =>
            {
                waiting = false;
                Tell(isJson, "inserted", card, reader, $"Card {card} is in the reader at {reader}.");
            },
            OnLost = reason =>
            {
                if (!waiting) Verb.Warn($"{reason.Message} Card {card} waits for a reader at {reader}.");
                waiting = true;
            },
        };
    }

    /// <summary>A card that is there is what its image says.</summary>
    private static async Task<CardOs> OpenAsync(
        string image, string profile, string? finger, bool piv, bool isJson, CancellationToken cancel)
    {
        if (!File.Exists(image)) await CreateAsync(image, profile, finger, piv, isJson, cancel);
        else if (finger is not null) throw new FormatException("--finger is for a new card: this one knows what it knows.");
        return CardImage.Open(FileMedium.Open(image));
    }

    /// <summary>Makes a card under another name first, so that no half card is ever taken for one.</summary>
    private static async Task CreateAsync(
        string image, string profile, string? finger, bool piv, bool isJson, CancellationToken cancel)
    {
        if (profile is Sim && finger is not null) throw new FormatException("A SIM knows no finger.");
        if (profile is Sim && piv) throw new FormatException("--piv is for a card with contacts, not for a SIM.");
        var blank = $"{image}.new";
        File.Delete(blank);
        var id = NewCard();
        var template = finger is null ? null : await FileFingerReader.ReadAsync(finger, cancel);
        var identity = piv ? PivPersonalisation.Demonstration(id, TimeProvider.System.GetUtcNow()) : null;
        using var personalisation = profile switch
        {
            Sim => Personalisation.DemonstrationSim(id),
            Files => Personalisation.DemonstrationWithFiles(id, template, identity),
            _ => Personalisation.Demonstration(id, finger: template, piv: identity),
        };
        using (var medium = FileMedium.Create(blank)) CardImage.Create(medium, personalisation);
        File.Move(blank, image);
        var kind = profile is Sim ? $"SIM {id}, CHV1 {DemonstrationKeys.Chv1}" : piv ? $"PIV card {id}" : $"card {id}";
        Tell(
            isJson, "made", id, image,
            $"New {kind} for demonstration: PIN {DemonstrationKeys.Pin}, PUK {DemonstrationKeys.Puk}.");
    }

    /// <param name="where">The image of a card that was made, else the reader.</param>
    private static void Tell(bool isJson, string change, CardId card, string where, string words)
    {
        if (isJson) Verb.PrintJson(new { change, card = card.ToString(), where });
        else Console.WriteLine(words);
    }

    private static CardId NewCard()
    {
        Span<byte> octets = stackalloc byte[CardId.Length];
        RandomNumberGenerator.Fill(octets);
        return new CardId(BinaryPrimitives.ReadUInt64BigEndian(octets));
    }

    /// <exception cref="FormatException">Not a host or address with a port.</exception>
    private static EndPoint EndPointOf(string text)
    {
        if (!Uri.TryCreate($"tcp://{text}", UriKind.Absolute, out var uri)
            || uri is not { Port: > 0, PathAndQuery: "/" or "" })
        {
            throw new FormatException($"--vpcd is host:port, not '{text}'.");
        }

        return IPAddress.TryParse(uri.IdnHost, out var address)
            ? new IPEndPoint(address, uri.Port)
            : new DnsEndPoint(uri.IdnHost, uri.Port);
    }
}
