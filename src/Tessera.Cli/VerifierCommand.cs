using System.CommandLine;
using System.Net;
using Tessera.Cards;
using Tessera.Cards.Pins;
using Tessera.Cli.Keys;
using Tessera.Terminal.Ports;
using Tessera.Toolkit.Links;
using Tessera.Verifier;

namespace Tessera.Cli;

/// <summary>
/// <c>tessera verifier</c>: who compares what holders enter at terminals, away from the server (docs/protocols/verifier.md).
/// </summary>
internal static class VerifierCommand
{
    private static readonly Option<string> Folder = new("--dir")
    {
        Description = "Keys, references and list of servers of the verifier.", HelpName = "dir", Required = true,
    };

    public static Command Create() => new(
        "verifier", "Compares PINs and fingers that terminals send it encrypted, out of sight of the server.")
    {
        New(), Allow(), Enrol(), Serve(),
    };

    private static Command New()
    {
        var name = new Option<string>("--name")
        {
            Description = "As holders read it before they enter anything, at most 24 characters.",
            HelpName = "name",
            Required = true,
        };
        var command = new Command(
            "new", "Make the keys of a verifier, and the file for terminals and servers. Example: tessera verifier new "
            + "--dir verifier --name \"Lake Bank\"")
        {
            Folder, name, Verb.Json,
        };
        command.SetAction(parsed =>
        {
            var folder = Path.GetFullPath(parsed.GetRequiredValue(Folder));
            using var verifier = VerifierFolder.Create(folder, parsed.GetRequiredValue(name));
            var made = new Made(verifier.Public.Name, verifier.Public.Id.ToString(), Path.Combine(folder, "verifier"));
            if (parsed.GetValue(Verb.Json)) Verb.PrintJson(made);
            else Console.WriteLine($"Verifier {made.Name} ({made.Id}): give {made.File} to terminals and to its server.");
        });
        return command;
    }

    private static Command Allow()
    {
        var server = new Argument<string>("key")
        {
            Description = "Who the server is: SHA-256 of its public key, 64 hexadecimal digits (pin of /api/link).",
        };
        var command = new Command(
            "allow", "Let a server ask, at once. Example: tessera verifier allow --dir verifier 2f8a...")
        {
            server, Folder, Verb.Json,
        };
        command.SetAction(parsed =>
        {
            using var verifier = VerifierFolder.Open(parsed.GetRequiredValue(Folder));
            var allowed = PeerIdentity.Parse(parsed.GetRequiredValue(server));
            verifier.Allow(allowed);
            if (parsed.GetValue(Verb.Json)) Verb.PrintJson(new { server = allowed.ToString() });
            else Console.WriteLine($"{allowed} may ask {verifier.Public.Name}.");
        });
        return command;
    }

    private static Command Enrol()
    {
        var card = new Argument<string>("card") { Description = "Card id, 16 hexadecimal digits." };
        var pin = SecretAtHand.Option("--pin", "The PIN of its holder, 6 to 8 digits");
        var finger = new Option<string?>("--finger")
        {
            Description = "A finger of its holder: the file of its template (tessera finger new).", HelpName = "file",
        };
        var command = new Command(
            "enrol", "Keep what the holder of a card is known by; a PIN or finger before is replaced, and has all its tries "
            + "again. Example: tessera verifier enrol 0123456789ABCDEF --dir verifier --pin -")
        {
            card, Folder, pin, finger, Verb.Json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var id = CardId.Parse(parsed.GetRequiredValue(card));
            if (parsed.GetValue(pin) is null && parsed.GetValue(finger) is null)
                throw new FormatException("--pin, --finger or both are wanted.");
            using var verifier = VerifierFolder.Open(parsed.GetRequiredValue(Folder));
            using var references = new ReferenceStore(verifier, TimeProvider.System);
            using var held = await references.HoldAsync(cancel);
            using var reference = held.Find(id) ?? new HolderReference();
            if (parsed.GetValue(pin) is { } source)
            {
                using var block = PinBlock.OfPin((await SecretAtHand.ReadAsync("--pin", source, cancel)).Trim());
                reference.SetPin(block);
            }

            if (parsed.GetValue(finger) is { } path) reference.SetFinger(await FileFingerReader.ReadAsync(path, cancel));
            held.Keep(id, reference);
            if (parsed.GetValue(Verb.Json))
                Verb.PrintJson(new Enrolled(id.ToString(), reference.HasPin, reference.HasFinger));
            else
                Console.WriteLine($"{verifier.Public.Name} knows the holder of {id} by {Words(reference)}.");
        });
        return command;
    }

    private static Command Serve()
    {
        var port = new Option<ushort>("--port") { Description = "Where servers ask; 0 takes a free one." };
        var address = new Option<string>("--address")
        {
            Description = "Of this machine; 0.0.0.0 for all.", HelpName = "address", DefaultValueFactory = _ => "127.0.0.1",
        };
        var command = new Command(
            "serve", "Answer the servers that may ask, until Ctrl+C. Example: tessera verifier serve --dir verifier --port 5543")
        {
            Folder, port, address,
        };
        command.Serves(async (parsed, cancel) =>
        {
            if (!IPAddress.TryParse(parsed.GetRequiredValue(address), out var at))
                throw new FormatException($"--address is an address such as 0.0.0.0, not '{parsed.GetRequiredValue(address)}'.");
            using var verifier = VerifierFolder.Open(parsed.GetRequiredValue(Folder));
            using var references = new ReferenceStore(verifier, TimeProvider.System);
            using var desk = new VerifierDesk(verifier, references, TimeProvider.System);
            using var listener = VerifierListener.Start(
                verifier, desk, new IPEndPoint(at, parsed.GetValue(port)), verifier.Allows, TimeProvider.System, Verb.Warn);
            Console.WriteLine($"Verifier {verifier.Public.Name} is ready at {listener.EndPoint}");
            await listener.RunAsync(cancel);
        });
        return command;
    }

    private static string Words(HolderReference reference) =>
        reference is { HasPin: true, HasFinger: true } ? "PIN and finger" : reference.HasPin ? "PIN" : "finger";

    private sealed record Made(string Name, string Id, string File);

    private sealed record Enrolled(string Card, bool Pin, bool Finger);
}
