using System.Text.RegularExpressions;
using Tessera.Testing;
using Xunit;

namespace Tessera.Server.Tests.Process;

/// <summary>A caller is recognised, gets a login as a short message, and connects with it; with a real server process.</summary>
public sealed partial class LoginByCallTests
{
    private const string Number = "+33639980001";
    private const string Service = "+33639980083";
    private const int Connect = 3;

    /// <summary>Blocks of 20 ms in which a voice is heard, of more than a second of speech.</summary>
    private const int Spoken = 25;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_holder_calls_gets_a_login_types_it_into_the_phone_and_the_purse_opens()
    {
        await using var server = await RunningServer.StartAsync(Cancel);
        await using var network = new VoiceNetwork();
        using var phone = await PhoneInHand.TakeAsync(server, Cancel);
        await phone.IsReadyAsync(Cancel);

        var before = server.Output.Length;

        Assert.True(await network.CallAsync(server, Number, Cancel) > Spoken);
        var (login, password) = await LoginAsync(phone);
        await ConnectAsync(phone, login, password);
        await phone.SeesAsync("You have", Cancel);

        await phone.PressAsync("End", Cancel);
        await SecondRoadTests.SessionAsync(server, one => one.GetProperty("end").GetString() is { Length: > 0 });
        await ConnectAsync(phone, login, password);
        await phone.SeesAsync("was used", Cancel);
        await phone.PressAsync("Ok", Cancel);
        Assert.DoesNotMatch($@"\b{password}\b", server.Output[before..]);
    }

    [Fact]
    public async Task A_SIM_that_announced_its_call_connects_by_itself()
    {
        await using var server = await RunningServer.StartAsync(Cancel);
        using var phone = await PhoneInHand.TakeAsync(server, Cancel);
        await phone.IsReadyAsync(Cancel);

        await phone.DialAsync(Service, Cancel);

        await phone.SeesAsync("You have", Cancel);
        var sight = (await phone.LookAsync(Cancel)).GetProperty("phone");
        Assert.Empty(sight.GetProperty("inbox").EnumerateArray());
    }

    [Fact]
    public async Task Who_calls_without_a_number_is_told_so_and_gets_nothing()
    {
        await using var server = await RunningServer.StartAsync(Cancel);
        await using var network = new VoiceNetwork();
        using var phone = await PhoneInHand.TakeAsync(server, Cancel);
        await phone.IsReadyAsync(Cancel);

        Assert.True(await network.CallAsync(server, number: null, Cancel) > Spoken);
        Assert.True(await network.CallAsync(server, "+33639989999", Cancel) > Spoken);

        var inbox = (await phone.LookAsync(Cancel)).GetProperty("phone").GetProperty("inbox");
        Assert.Empty(inbox.EnumerateArray());
        await ConnectAsync(phone, "0000", "0000");
        await phone.SeesAsync("This is not the", Cancel);
    }

    private static async Task ConnectAsync(PhoneInHand phone, string login, string password)
    {
        await phone.TakeItemAsync(Connect, Cancel);
        await phone.SeesAsync("Login", Cancel);
        await phone.EnterAsync(login, Cancel);
        await phone.SeesAsync("Password", Cancel);
        await phone.EnterAsync(password, Cancel);
    }

    private static async Task<(string Login, string Password)> LoginAsync(PhoneInHand phone)
    {
        var text = await Eventually.SeeAsync(
            async () => (await phone.LookAsync(Cancel)).GetProperty("phone").GetProperty("inbox").EnumerateArray()
                .Select(message => message.GetProperty("text").GetString()!).FirstOrDefault() ?? "",
            found => Pair().IsMatch(found), Cancel);
        var match = Pair().Match(text);
        return (match.Groups["login"].Value, match.Groups["password"].Value);
    }

    [GeneratedRegex(@"login (?<login>\d{4}), password (?<password>\d{4})", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pair();
}
