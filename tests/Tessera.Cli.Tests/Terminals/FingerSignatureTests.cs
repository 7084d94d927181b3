using System.Net.Http.Json;
using System.Text.Json;
using Tessera.Lab.Shelf;
using Tessera.Testing;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Biometrics;
using Tessera.VirtualCard.Memory;
using Xunit;

namespace Tessera.Cli.Tests.Terminals;

/// <summary>A document is signed with a finger: the real server, a real terminal with a reader, a card that compares.</summary>
public sealed class FingerSignatureTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_card_signs_what_its_holder_agreed_to_by_finger_and_the_evidence_says_so()
    {
        var image = Path.Combine(_folder.Path, "lab", "card.img");
        await using var server = await ServerProcess.StartAsync(_folder.Path, Cancel, "--verification", "either");
        using (var card = CardImage.Open(FileMedium.Open(image)))
        using (var laid = new SyntheticFinger(LabFinger.Of(card.Id)).Lay(press: 1))
            await File.WriteAllBytesAsync(_folder.File("finger"), laid.Reveal().ToArray(), Cancel);
        await using var terminal = ToolProcess.Start(
        [
            "terminal", "run", "--link", "tls", "--server", server.Address.ToString(), "--dir", _folder.File("terminal"),
            "--card", image, "--finger", _folder.File("finger"),
        ]);
        var ready = await terminal.LineAsync(Cancel);
        using var page = await TerminalPage.OpenAsync(new Uri(ready[(ready.LastIndexOf(' ') + 1)..]), Cancel);
        using var browser = new HttpClient { BaseAddress = server.Address };
        var code = (await page.SeeAsync(screen => screen.Code.Length > 0, Cancel)).Code;
        using var paired = await browser.PostAsJsonAsync("/api/pair", new { code, application = "orders" }, Cancel);
        var pairing = await paired.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        browser.DefaultRequestHeaders.Add("X-Tessera-Browser", pairing.GetProperty("token").GetString());

        var sight = await Eventually.SeeAsync(
            () => browser.GetFromJsonAsync<JsonElement>("/api/session", Cancel),
            seen => seen.GetProperty("kind").ValueEquals("choice"), Cancel);
        using var chosen = await browser.PostAsJsonAsync(
            "/api/session/answer", new { ticket = sight.GetProperty("ticket").GetString(), choice = 1 }, Cancel);
        chosen.EnsureSuccessStatusCode();
        Assert.Contains("Coal, 500 kg", (await page.SeeAsync("text", Cancel)).ToString(), StringComparison.Ordinal);
        await page.GoOnAsync(Cancel);
        await Eventually.SeeAsync(
            () => browser.GetStringAsync("/api/session", Cancel),
            seen => seen.Contains("Your signature is on file", StringComparison.Ordinal), Cancel);

        var filed = Assert.Single((await browser.GetFromJsonAsync<JsonElement>("/api/evidence", Cancel)).EnumerateArray());
        var path = _folder.File("evidence.json");
        await File.WriteAllBytesAsync(
            path, await browser.GetByteArrayAsync($"/api/evidence/{filed.GetProperty("id").GetString()}", Cancel), Cancel);
        using var evidence = JsonDocument.Parse(await File.ReadAllTextAsync(path, Cancel));
        Assert.Equal("finger", evidence.RootElement.GetProperty("confirmed").GetString());
        var verified = await ToolProcess.RunAsync(["evidence", "verify", path], Cancel);
        Assert.Equal((0, ""), (verified.ExitCode, verified.Error));
    }
}
