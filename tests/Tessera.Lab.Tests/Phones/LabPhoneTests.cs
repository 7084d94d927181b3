using Tessera.Lab.Phones;
using Tessera.Lab.Phones.Page;
using Tessera.Terminal.Tests.Agents;
using Tessera.Testing;
using Xunit;

namespace Tessera.Lab.Tests.Phones;

/// <summary>The phone as a place of the lab's world.</summary>
public sealed class LabPhoneTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly LinkServer _server = new();
    private Network _network = null!;
    private LabWorld _world = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _network = await Network.StartAsync(Cancel);
        _world = await LabWorld.StartAsync(
            new LabOptions
            {
                Folder = _folder.File("lab"),
                Link = _server.Address,
                Pin = _server.Pin,
                Origin = "http://127.0.0.1:5080",
                Air = _network.Air,
                Enrol = (terminal, name, _) =>
                {
                    _server.Enrol(terminal, name);
                    return Task.CompletedTask;
                },
                Make = DemonstrationCards.MakeAsync,
                Register = (_, _) => Task.CompletedTask,
            },
            Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        await _server.DisposeAsync();
        await _network.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_phone_is_a_place_with_the_SIM_in_it_and_its_menu_up()
    {
        var phone = _world.State.Places.Single(place => place.Name.Equals(LabWorld.Phone, StringComparison.Ordinal));
        Assert.Equal(("Mobile phone", LabWorld.HoldersSim), (phone.Title, phone.Card));

        await SeeAsync(phone.Page, sight => sight is { Phone: { Menu: not null, Signal: 4 }, Tray.IsInserted: true });
        await _world.PullAsync(LabWorld.HoldersSim, Cancel);
        await SeeAsync(phone.Page, sight => sight is { Phone.Sim: SimState.Absent, Tray.IsInserted: false });
        await _world.InsertAsync(LabWorld.HoldersSim, LabWorld.Phone, Cancel);

        await SeeAsync(phone.Page, sight => sight.Phone.Menu is not null);
    }

    [Fact]
    public async Task A_card_that_is_no_SIM_is_told_so()
    {
        var phone = _world.State.Places.Single(place => place.Name.Equals(LabWorld.Phone, StringComparison.Ordinal));

        await _world.InsertAsync(LabWorld.HoldersCard, LabWorld.Phone, Cancel);

        await SeeAsync(phone.Page, sight => sight.Phone is { Sim: SimState.Faulty, Network: "SIM error" });
    }

    private static async Task SeeAsync(Uri page, Func<PhoneSight, bool> wanted)
    {
        using var http = new HttpClient { BaseAddress = page };
        var html = await http.GetStringAsync(new Uri("/", UriKind.Relative), Cancel);
        const string mark = "<meta name=\"token\" content=\"";
        var at = html.IndexOf(mark, StringComparison.Ordinal) + mark.Length;
        http.DefaultRequestHeaders.Add("X-Tessera-Token", html[at..html.IndexOf('"', at)]);
        await Eventually.SeeAsync(
            async () => System.Text.Json.JsonSerializer.Deserialize(
                await http.GetStringAsync(new Uri("/state", UriKind.Relative), Cancel), PhoneJson.Default.PhoneSight)!,
            wanted, Cancel);
    }
}
