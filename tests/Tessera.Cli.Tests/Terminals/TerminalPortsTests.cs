using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using Tessera.Cards;
using Tessera.Cards.Store;
using Tessera.Lab.Shelf;
using Tessera.Terminal.Ports;
using Tessera.Terminal.Tests.Agents;
using Tessera.Terminal.Tests.Scripts;
using Tessera.Testing;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Links;
using Tessera.Toolkit.Scripts;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Biometrics;
using Tessera.VirtualCard.Memory;
using Tessera.Wire;
using Xunit;

namespace Tessera.Cli.Tests.Terminals;

/// <summary>A terminal alone that the tool started: scripts of its server reach all that its options name.</summary>
[SupportedOSPlatform("linux")]
public sealed partial class TerminalPortsTests : IDisposable
{
    private const byte Language = 1;

    private static readonly CardId Card = CardId.Parse("0123456789ABCDEF");
    private static readonly CardId Module = CardId.Parse("1122334455667788");
    private static readonly Bytes Nonce = Bytes.FromHex("A1A2A3A4A5A6A7A8");

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_second_card_proves_itself_and_a_finger_pays_over_a_plain_stream()
    {
        await using var server = new LinkServer();
        var (finger, paper) = (_folder.File("finger"), _folder.File("paper"));
        var made = await ToolProcess.RunAsync(["finger", "new", finger, "--number", "17", "--press", "3"], Cancel);
        Assert.Matches("^Synthetic finger 17, [0-9]+ minutiae.\n$", made.Output);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(finger));
        Make("card", Personalisation.Demonstration(Card, finger: new SyntheticFinger(17).Enrol()));
        Make("sam", Personalisation.Demonstration(Module, hasPurse: false));
        await using var terminal = ToolProcess.Start(
        [
            "terminal", "run", "--link", "tls", "--server", server.Address.ToString().TrimEnd('/'), "--pin", server.Pin.ToString(),
            "--dir", _folder.File("terminal"), "--profile", "text", "--card", _folder.File("card"),
            "--sam", _folder.File("sam"), "--finger", finger, "--paper", paper, "--battery", "80",
        ]);
        var known = Known().Match(await terminal.LineAsync(Cancel));
        server.Enrol(PeerIdentity.Parse(known.Groups["pin"].Value), known.Groups["name"].Value);
        var ready = await terminal.LineAsync(Cancel);
        using var page = await TerminalPage.OpenAsync(new Uri(ready[(ready.LastIndexOf(' ') + 1)..]), Cancel);
        var link = await server.SessionAsync(Cancel);

        Assert.True(link.Profile is
        {
            HasAdditionalReader: true, HasBiometrics: true, HasPrinter: true, HasBattery: true, HasRichPages: false,
        });
        await ReadModuleAsync(link, 1);
        await PayAsync(link, 2, page, server.Pin.Id);

        var run = await terminal.SignalAsync("INT", Cancel);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        var sheet = new VirtualPaper();
        sheet.Write(await File.ReadAllBytesAsync(paper, Cancel));
        Assert.Contains(new PrintedLine("Bye"), Assert.Single(sheet.Sheets));
    }

    [Fact]
    public async Task The_real_server_asks_for_the_finger_at_a_terminal_with_two_lines_of_text()
    {
        var image = Path.Combine(_folder.Path, "lab", "card.img");
        await using var server = await ServerProcess.StartAsync(_folder.Path, Cancel, "--verification", "either");
        using (var card = CardImage.Open(FileMedium.Open(image)))
        using (var laid = new SyntheticFinger(LabFinger.Of(card.Id)).Lay(press: 1))
            await File.WriteAllBytesAsync(_folder.File("finger"), laid.Reveal().ToArray(), Cancel);
        await using var terminal = ToolProcess.Start(
        [
            "terminal", "run", "--link", "tls", "--server", server.Address.ToString(), "--dir", _folder.File("terminal"),
            "--profile", "text", "--card", image, "--finger", _folder.File("finger"),
        ]);
        var ready = await terminal.LineAsync(Cancel);
        using var page = await TerminalPage.OpenAsync(new Uri(ready[(ready.LastIndexOf(' ') + 1)..]), Cancel);

        await ChoosesAsync(page, "You have 0.00", "Down Down Ok");
        await ChoosesAsync(page, "Load how much?", "Down Ok");
        await ChoosesAsync(page, "20.00", "Ok");
        await ChoosesAsync(page, "You have 20.00", "Ok");
        await ChoosesAsync(page, "Buy what?", "Ok");
        await ChoosesAsync(page, "Paid. Enjoy it!", "Ok");

        await page.SeeLinesAsync("You have 16.80", Cancel);
    }

    [Fact]
    public async Task What_is_no_finger_is_told_in_one_line()
    {
        var file = _folder.File("file");
        await File.WriteAllTextAsync(file, "finger", Cancel);

        var run = await ToolProcess.RunAsync(["terminal", "run", "--card", "C", "--finger", file], Cancel);
        var again = await ToolProcess.RunAsync(["finger", "new", file], Cancel);

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.StartsWith($"tessera: {file} is no template of a finger: ", run.Error, StringComparison.Ordinal);
        Assert.Equal((1, $"tessera: The file '{file}' already exists.\n"), (again.ExitCode, again.Error));
    }

    /// <summary>A field of the second card under a MAC over the server's nonce: nobody else's module has that key.</summary>
    private static async Task ReadModuleAsync(ILink link, byte number)
    {
        var script = new ScriptBuilder().Perform(ProactiveCommand.PowerOnCard())
            .Perform(ProactiveCommand.PerformCardApdu(StoreCommands.Select))
            .Perform(ProactiveCommand.PerformCardApdu(StoreCommands.Read(Language, Nonce)))
            .Perform(ProactiveCommand.ProvideBatteryState());

        var answer = (await link.SendAsync(number, Bytes.Of(script.Build(link.Session, number)), Cancel)).Read<ResponseScript>();

        Assert.Null(answer.Stopped);
        var read = Found(answer, 3, ObjectTag.RApdu).Read<ResponseApdu>();
        var stored = read.Data.Read<StoredField>();
        Assert.Equal(Bytes.CopyOf("en"u8), stored.Content);
        using var masters = DemonstrationKeys.Create();
        using var keys = CardKeys.Of(masters, Module);
        using var reading = StoreMac.ReadingKey(keys.Store, Module, Language);
        Assert.Equal(StoreMac.Read(reading, Module, Language, stored.Version, stored.Content, Nonce), stored.Mac);
        Assert.Equal($"{(byte)BatteryLevel.Good:X2}", Found(answer, 4, ObjectTag.BatteryState).ToString());
    }

    /// <summary>The finger lies on the reader as soon as one is asked for.</summary>
    private static async Task PayAsync(ILink link, byte number, TerminalPage page, Bytes server)
    {
        using var till = new Till(server, Card);
        till.TakeState(await link.SendAsync(number, Till.Opening(link.Session, number), Cancel));
        await link.SendAsync(++number, till.Load(link.Session, number, 5000), Cancel);
        till.TakeState(await link.SendAsync(++number, Till.Opening(link.Session, number), Cancel));
        var script = till.Purchase(link.Session, ++number, withFinger: true);
        var paying = link.SendAsync(number, script, Cancel);
        await page.SeeLinesAsync("Where to?", Cancel);
        await page.PressAsync("Ok", Cancel);

        Assert.Equal(
            new Payment(PaymentMethod.Finger, Till.Euro, 320, "Centre 3.20"), till.Paid(script, await paying, link.Profile));

        var bye = new ScriptBuilder().Print("Bye").Build(link.Session, ++number);
        Assert.Null((await link.SendAsync(number, Bytes.Of(bye), Cancel)).Read<ResponseScript>().Stopped);
    }

    private static async Task ChoosesAsync(TerminalPage page, string shown, string keys)
    {
        await page.SeeLinesAsync(shown, Cancel);
        await page.PressAsync(keys, Cancel);
    }

    private static Bytes Found(ResponseScript answer, byte step, ObjectTag name) =>
        answer.Results.OfType<ToolkitResult>().Single(result => result.Step == step).Objects.Find(name)!.Value;

    private void Make(string name, Personalisation card)
    {
        using (card)
        using (var medium = FileMedium.Create(_folder.File(name)))
            CardImage.Create(medium, card);
    }

    [GeneratedRegex("^The server must know this terminal: (?<pin>[0-9A-Fa-f]{64}) (?<name>.*)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Known();
}
