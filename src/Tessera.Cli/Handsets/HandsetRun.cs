using System.Buffers.Binary;
using System.CommandLine;
using System.Net;
using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Lab.Phones;
using Tessera.Lab.Phones.Page;
using Tessera.Terminal.Pages;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Sim;
using Tessera.VirtualCard.Vpcd;

namespace Tessera.Cli;

/// <summary><c>tessera handset run</c>: a phone of its own, beside a service centre.</summary>
internal static class HandsetRun
{
    public static Command Create()
    {
        var slot = new Option<string>("--card-slot")
        {
            Description = "Where its SIM slot listens for 'tessera card serve --vpcd'; not with --image.",
            HelpName = "address:port",
        };
        var image = new Option<string>("--image")
        {
            Description = "The file that is its SIM; a new one becomes a SIM for demonstration.",
            HelpName = "file",
        };
        var imsi = new Option<string>("--imsi")
        {
            Description = "Subscriber of a new SIM.",
            HelpName = "digits",
            DefaultValueFactory = _ => SimSubscription.Demonstration.Imsi,
        };
        var air = new Option<string>("--air")
        {
            Description = "Air interface of the short message service centre; without it there is no network.",
            HelpName = "address:port",
        };
        var voice = new Option<string>("--voice")
        {
            Description = "Who takes its calls, by SIP over UDP on this machine; without it nobody can be called.",
            HelpName = "address:port",
        };
        var port = new Option<ushort>("--port") { Description = "Port of its page on 127.0.0.1; 0 takes a free one." };
        var command = new Command("run", "Keep a phone switched on until Ctrl+C.")
        {
            slot, image, imsi, air, voice, port,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(slot) is null == result.GetResult(image) is null)
                result.AddError("A phone has either --card-slot or --image.");
        });
        command.Serves((parsed, cancel) => ServeAsync(
            EndPointOf("--card-slot", parsed.GetValue(slot)), parsed.GetValue(image), parsed.GetRequiredValue(imsi),
            EndPointOf("--air", parsed.GetValue(air)), EndPointOf("--voice", parsed.GetValue(voice)),
            parsed.GetValue(port), cancel));
        return command;
    }

    private static async Task ServeAsync(
        IPEndPoint? slot, string? image, string imsi, IPEndPoint? air, IPEndPoint? voice, ushort port,
        CancellationToken cancel)
    {
        if (image is not null && !File.Exists(image)) NewSim(image, imsi);
        var reader = VpcdSlot.Listen(slot ?? new IPEndPoint(IPAddress.Loopback, 0));
        await using var phone = Handset.Start(new HandsetOptions { Centre = air, VoiceNetwork = voice }, reader);
        await using var tray = image is null ? null : new SimTray(reader.EndPoint, image);
        if (tray is not null) await tray.InsertAsync(cancel);
        await using var page = await PhonePage.StartAsync(phone, tray, new LocalPageOptions { Port = port }, cancel);
        Console.WriteLine($"Phone: {page.Address}");
        if (tray is null) Console.WriteLine($"Its SIM slot: {reader.EndPoint}");
        await phone.Completion.WaitAsync(cancel);
    }

    /// <summary>Made under another name first, so that no half SIM is ever taken for one.</summary>
    private static void NewSim(string image, string imsi)
    {
        Span<byte> octets = stackalloc byte[CardId.Length];
        RandomNumberGenerator.Fill(octets);
        var card = new CardId(BinaryPrimitives.ReadUInt64BigEndian(octets));
        using var sim = Personalisation.DemonstrationSim(card, SimSubscription.Demonstration with { Imsi = imsi });
        var blank = $"{image}.new";
        File.Delete(blank);
        using (var medium = FileMedium.Create(blank)) CardImage.Create(medium, sim);
        File.Move(blank, image);
        Console.WriteLine($"New SIM {card} for demonstration, IMSI {imsi}.");
    }

    /// <exception cref="FormatException">Not an address with a port.</exception>
    private static IPEndPoint? EndPointOf(string option, string? text) => text is null ? null
        : IPEndPoint.TryParse(text, out var endPoint) && endPoint.Port != 0 ? endPoint
        : throw new FormatException($"{option} is an address with a port such as 127.0.0.1:2776, not '{text}'.");
}
