using System.Net;
using System.Net.Sockets;
using Tessera.Lab.Calls;
using Tessera.Phone.Sip;

namespace Tessera.Lab.Phones.Calls;

/// <summary>Who calls whom, as the network is told.</summary>
/// <param name="Own">The subscriber's number; empty where it is not known.</param>
/// <param name="IsHidden">The called one must not see it.</param>
internal sealed record Dialled(string Number, string Own, bool IsHidden);

/// <summary>
/// The phone's way to the voice network: one call at a time, with the subscriber's number asserted as a mobile network
/// does. Nobody calls the phone: who tries hears that it is not available.
/// </summary>
/// <param name="network">Who takes its calls, by SIP over UDP.</param>
internal sealed class VoiceLine(
    IPEndPoint network, TimeProvider time, Func<Func<Phone, Task>, CancellationToken, Task> post) : IAsyncDisposable
{
    private static readonly NameAddress Nobody =
        new(SipUri.Sip("anonymous", "anonymous.invalid")) { DisplayName = "Anonymous" };

    private SipEndpoint? _endpoint;
    private Task _refusing = Task.CompletedTask;
    private VoiceCall? _call;

    /// <summary>Begins a call; the one before is over.</summary>
    /// <param name="told">Called in the phone's loop.</param>
    /// <exception cref="SocketException">This machine has no port for it.</exception>
    public async Task<VoiceCall> DialAsync(
        Dialled dialled, Earpiece earpiece, Func<Phone, CallPhase, CallEnding, Task> told)
    {
        if (_call is not null) await _call.DisposeAsync();
        var endpoint = _endpoint ??= Listen();
        _call = new VoiceCall(
            earpiece, time, (phase, ending) => post(phone => told(phone, phase, ending), CancellationToken.None));
        _call.Begin(endpoint, AddressOf(dialled.Number), OptionsOf(dialled));
        return _call;
    }

    public async ValueTask DisposeAsync()
    {
        if (_call is not null) await _call.DisposeAsync();
        if (_endpoint is not null) await _endpoint.DisposeAsync();
        await _refusing;
    }

    private SipEndpoint Listen()
    {
        var endpoint = SipEndpoint.Listen(new SipEndpointOptions
        {
            Address = new IPEndPoint(IPAddress.Loopback, 0), Tcp = false, Time = time,
        });
        _refusing = RefuseAsync(endpoint);
        return endpoint;
    }

    private static async Task RefuseAsync(SipEndpoint endpoint)
    {
        await foreach (var call in endpoint.Calls.ReadAllAsync()) call.Reject(SipStatus.TemporarilyUnavailable);
    }

    private CallOptions OptionsOf(Dialled dialled)
    {
        var own = dialled.Own.Length > 0 ? new NameAddress(AddressOf(dialled.Own)) : null;
        return new CallOptions
        {
            From = dialled.IsHidden ? Nobody : own, AssertedIdentity = own, Withheld = dialled.IsHidden,
        };
    }

    /// <summary>A hash is no character of a URI.</summary>
    private SipUri AddressOf(string number) =>
        SipUri.Sip(number.Replace("#", "%23", StringComparison.Ordinal), network);
}
