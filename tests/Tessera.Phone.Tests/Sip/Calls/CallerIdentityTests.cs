using System.Net;
using Tessera.Phone.Sip;
using Tessera.Testing;
using Xunit;

namespace Tessera.Phone.Tests.Sip.Calls;

public sealed class CallerIdentityTests
{
    private static readonly LocalAudio Audio = new(IPEndPoint.Parse("192.0.2.2:5000"));

    [Fact]
    public async Task What_a_trusted_peer_asserts_counts()
    {
        var caller = await CallerAsync(trusted: true, new CallOptions
        {
            From = NameAddress.Parse("<sip:+33600000000@operator.example>"),
            AssertedIdentity = NameAddress.Parse("\"Alice\" <sip:+33612345678@operator.example;user=phone>"),
        });

        Assert.Equal((CallerCertainty.Asserted, "+33612345678", "Alice"), (caller.Certainty, caller.Number, caller.DisplayName));
    }

    [Fact]
    public async Task What_anybody_else_asserts_does_not()
    {
        var caller = await CallerAsync(trusted: false, new CallOptions
        {
            From = NameAddress.Parse("<sip:+33600000000@operator.example>"),
            AssertedIdentity = NameAddress.Parse("<sip:+33612345678@operator.example>"),
        });

        Assert.Equal((CallerCertainty.Claimed, "+33600000000"), (caller.Certainty, caller.Number));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_number_that_is_withheld_is_told_by_nobody(bool trusted)
    {
        var caller = await CallerAsync(trusted, new CallOptions
        {
            From = NameAddress.Parse("\"Anonymous\" <sip:anonymous@anonymous.invalid>"),
            AssertedIdentity = NameAddress.Parse("<tel:+33612345678>"),
            Withheld = true,
        });

        Assert.Equal(new CallerIdentity(CallerCertainty.Withheld), caller);
    }

    [Theory]
    [InlineData("sip:192.0.2.7", CallerCertainty.Unknown)]
    [InlineData("sip:unknown@192.0.2.7", CallerCertainty.Unknown)]
    [InlineData("sip:anonymous@192.0.2.7", CallerCertainty.Withheld)]
    [InlineData("sip:x@anonymous.invalid", CallerCertainty.Withheld)]
    [InlineData("sip:alice@192.0.2.7", CallerCertainty.Claimed)]
    public async Task Unknown_is_not_withheld(string from, CallerCertainty certainty) => Assert.Equal(
        certainty, (await CallerAsync(trusted: true, new CallOptions { From = new NameAddress(SipUri.Parse(from)) })).Certainty);

    private static async Task<CallerIdentity> CallerAsync(bool trusted, CallOptions options)
    {
        var network = new MemoryNetwork(new ManualTime());
        var caller = network.Add("192.0.2.1:5060");
        var callee = network.Add("192.0.2.2:5060", new SipEndpointOptions
        {
            TrustedPeers = [IPNetwork.Parse(trusted ? "192.0.2.0/31" : "198.51.100.0/24")],
        });
        await caller.CallAsync(SipUri.Parse("sip:ivr@192.0.2.2"), Audio, options, TestContext.Current.CancellationToken);
        network.Run();
        Assert.True(callee.Calls.TryRead(out var call));
        return call.Caller;
    }
}
