using System.Net;
using Tessera.Phone.Sip;
using Tessera.Testing;
using Xunit;

namespace Tessera.Phone.Tests.Sip.Registration;

public sealed class RegistrationTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly MemoryNetwork _network = new(new ManualTime());
    private readonly SipEndpoint _server;
    private readonly SipEndpoint _phone;

    public RegistrationTests()
    {
        _server = _network.Add("192.0.2.1:5060", new SipEndpointOptions
        {
            Registrar = new SipRegistrarOptions { Realm = "lab", PasswordOf = user => user is "1001" ? "secret" : null },
        });
        _phone = _network.Add("192.0.2.2:5060");
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private SipRegistrar Registrar => _server.Registrar!;

    [Fact]
    public async Task A_telephone_with_its_password_is_found_until_it_leaves()
    {
        var registration = await RegisterAsync("1001", "secret");

        Assert.True(registration.IsRegistered);
        Assert.Equal("REGISTER 401 REGISTER 200", _network.Story());
        var binding = Assert.Single(Registrar.Find("1001"));
        Assert.Equal((IPAddress.Parse("192.0.2.2").ToString(), Hour), (binding.Contact.Host, binding.Expires - _network.Time.GetUtcNow() + Late));

        var leaving = registration.DisposeAsync().AsTask();
        _network.Run();
        await leaving;

        Assert.Empty(Registrar.Find("1001"));
    }

    private TimeSpan Late => _network.Time.GetUtcNow() - new ManualTime().GetUtcNow() - TimeSpan.FromMilliseconds(3);

    [Fact]
    public async Task A_registration_is_renewed_before_it_ends()
    {
        var registration = await RegisterAsync("1001", "secret");
        for (var i = 0; i < 10; i++)
        {
            _network.Run(1800);
            Assert.Single(Registrar.Find("1001"));
        }

        Assert.True(registration.IsRegistered);
    }

    [Fact]
    public async Task A_telephone_that_fell_silent_is_forgotten()
    {
        await RegisterAsync("1001", "secret");
        _network.Drops = _ => true;
        _network.Run(3700);

        Assert.Empty(Registrar.Find("1001"));
    }

    [Theory]
    [InlineData("1001", "wrong")]
    [InlineData("1002", "secret")]
    public async Task Nobody_registers_without_the_password(string user, string password)
    {
        var registration = await RegisterAsync(user, password);

        Assert.Equal((SipStatus.Unauthorized, false), (registration.Status, registration.IsRegistered));
        Assert.Equal("REGISTER 401 REGISTER 401", _network.Story());
        Assert.Empty(Registrar.Find(user));
    }

    [Fact]
    public async Task Nobody_registers_for_another()
    {
        var registration = await RegisterAsync("1002", "secret", credentials: "1001");

        Assert.Equal(SipStatus.Forbidden, registration.Status);
        Assert.Empty(Registrar.Find("1002"));
    }

    [Fact]
    public async Task A_life_that_is_too_short_is_asked_for_again()
    {
        var registration = await RegisterAsync("1001", "secret", life: TimeSpan.FromSeconds(10));

        Assert.True(registration.IsRegistered);
        Assert.Contains("423", _network.Story(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registrar_that_is_silent_is_asked_again_later()
    {
        _network.Drops = _ => true;
        var registering = _phone.RegisterAsync(
            SipUri.Parse("sip:192.0.2.1"), SipUri.Parse("sip:1001@192.0.2.1"), new SipCredentials("1001", "secret"), Hour, Cancel);
        _network.Run(33);
        var registration = await registering;
        Assert.Equal((SipStatus.RequestTimeout, false), (registration.Status, registration.IsRegistered));

        _network.Drops = _ => false;
        _network.Run(31);

        Assert.True(registration.IsRegistered);
    }

    [Fact]
    public void An_answer_serves_once_and_a_nonce_for_five_minutes()
    {
        var peer = _network.AddPeer("192.0.2.9:5060");
        peer.Send(_server, Register(1));
        var client = new DigestClient(new SipCredentials("1001", "secret"));
        var answer = client.Answer(Register(1), peer.LastResponse)!;
        Assert.Contains("SHA-256", answer.Value, StringComparison.Ordinal);

        peer.Send(_server, Register(2, answer));
        Assert.Equal(SipStatus.Ok, peer.LastResponse.Status);

        peer.Send(_server, Register(3, answer));
        Assert.Equal(SipStatus.Unauthorized, peer.LastResponse.Status);
        Assert.Contains("stale=true", peer.LastResponse.Headers["WWW-Authenticate"], StringComparison.Ordinal);

        var again = client.Answer(Register(3, answer), peer.LastResponse)!;
        _network.Run(301);
        peer.Send(_server, Register(4, again));
        Assert.Contains("stale=true", peer.LastResponse.Headers["WWW-Authenticate"], StringComparison.Ordinal);
    }

    [Fact]
    public void Bindings_are_listed_changed_and_removed_as_they_are_asked_for()
    {
        var peer = _network.AddPeer("192.0.2.9:5060");

        Assert.Equal(["<sip:a@192.0.2.9>;expires=600"], Update(peer, 1, "<sip:a@192.0.2.9>;expires=600"));
        Assert.Equal(2, Update(peer, 3, "<sip:b@192.0.2.9>").Count);
        Assert.Equal(2, Update(peer, 5).Count);
        Assert.Equal(["<sip:b@192.0.2.9>;expires=3600"], Update(peer, 7, "<sip:a@192.0.2.9>;expires=0"));
        Assert.Empty(Update(peer, 9, "*", "0"));
    }

    [Theory]
    [InlineData("*", "60", 400)]
    [InlineData("<sip:a@192.0.2.9>;expires=5", null, 423)]
    [InlineData("<sip:a@h1>, <sip:a@h2>, <sip:a@h3>, <sip:a@h4>, <sip:a@h5>, <sip:a@h6>, <sip:a@h7>, <sip:a@h8>, <sip:a@h9>, <sip:a@h10>, <sip:a@h11>", null, 403)]
    public void What_may_not_be_changes_nothing(string contact, string? expires, int status)
    {
        var peer = _network.AddPeer("192.0.2.9:5060");
        Update(peer, 1, "<sip:x@192.0.2.9>");

        Authorized(peer, 3, contact, expires);

        Assert.Equal(status, (int)peer.LastResponse.Status);
        Assert.Equal("sip:x@192.0.2.9", Assert.Single(Registrar.Find("1001")).Contact.ToString());
    }

    [Fact]
    public void A_registration_that_was_overtaken_is_refused()
    {
        var peer = _network.AddPeer("192.0.2.9:5060");
        Update(peer, 10, "<sip:x@192.0.2.9>");

        Authorized(peer, 5, "<sip:x@192.0.2.9>;expires=0");

        Assert.Equal(SipStatus.ServerInternalError, peer.LastResponse.Status);
        Assert.Single(Registrar.Find("1001"));
    }

    private async Task<SipRegistration> RegisterAsync(string user, string password, string? credentials = null, TimeSpan? life = null)
    {
        var registering = _phone.RegisterAsync(
            SipUri.Parse("sip:192.0.2.1"), SipUri.Parse($"sip:{user}@192.0.2.1"),
            new SipCredentials(credentials ?? user, password), life ?? Hour, Cancel);
        _network.Run();
        return await registering;
    }

    private List<string> Update(RawPeer peer, uint sequence, string? contact = null, string? expires = null)
    {
        Authorized(peer, sequence, contact, expires);
        Assert.Equal(SipStatus.Ok, peer.LastResponse.Status);
        return [.. peer.LastResponse.Headers.Named("Contact").Select(header => header.Value)];
    }

    /// <summary>Registers with the number after this one, because this one is challenged.</summary>
    private void Authorized(RawPeer peer, uint sequence, string? contact, string? expires = null)
    {
        List<SipHeader> more = [];
        if (contact is not null) more.Add(new SipHeader("Contact", contact));
        if (expires is not null) more.Add(new SipHeader("Expires", expires));
        peer.Send(_server, Register(sequence, [.. more]));
        var answer = new DigestClient(new SipCredentials("1001", "secret")).Answer(Register(sequence), peer.LastResponse)!;
        peer.Send(_server, Register(sequence + 1, [.. more, answer]));
    }

    private static SipRequest Register(uint sequence, params IEnumerable<SipHeader> more) => new(
        "REGISTER", SipUri.Parse("sip:192.0.2.1"),
        [
            new("Via", $"SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bK{TransactionLayer.Unique()}"),
            new("From", "<sip:1001@192.0.2.1>;tag=9"), new("To", "<sip:1001@192.0.2.1>"), new("Call-ID", "reg"),
            new("CSeq", $"{sequence} REGISTER"), .. more,
        ]);
}
