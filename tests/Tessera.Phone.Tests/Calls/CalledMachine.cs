using System.Net;
using Tessera.Phone.Calls;
using Tessera.Phone.Data;
using Tessera.Phone.Rtp;
using Tessera.Phone.Sip;
using Xunit;

namespace Tessera.Phone.Tests.Calls;

/// <summary>A machine that has answered, and its caller, over real sockets.</summary>
internal sealed class CalledMachine : IAsyncDisposable
{
    private readonly SipEndpoint _machine = Listen();
    private readonly SipEndpoint _caller = Listen();
    private readonly RtpPort _port = RtpPort.Bind(IPAddress.Loopback);
    private RtpCall _sound = null!;

    public RtpPacer Pacer { get; } = new(TimeProvider.System);

    public AnsweredCall Answered { get; private set; } = null!;

    /// <summary>The caller's side.</summary>
    public SipCall Call { get; private set; } = null!;

    /// <summary>The caller's sound.</summary>
    public RtpSession Session { get; private set; } = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<CalledMachine> CallAsync(AudioExchange caller, LineServerOptions? line = null)
    {
        var called = new CalledMachine();
        var options = new CallOptions { From = new NameAddress(SipUri.Sip("+33639980001", called._caller.Address)) };
        called.Call = await called._caller.CallAsync(
            SipUri.Sip("83773", called._machine.Address), new LocalAudio(called._port.EndPoint), options, Cancel);
        var site = new CallSite { Pacer = called.Pacer, Address = IPAddress.Loopback, Line = line };
        called.Answered = (await AnsweredCall.AcceptAsync(
            await called._machine.Calls.ReadAsync(Cancel), site, Cancel))!;
        called.Session = new RtpSession((await called.Call.Answered)!, new RtpOptions());
        called._sound = called.Pacer.Start(called._port, called.Session, caller);
        return called;
    }

    public async ValueTask DisposeAsync()
    {
        await Answered.DisposeAsync();
        await _sound.DisposeAsync();
        await _caller.DisposeAsync();
        await _machine.DisposeAsync();
        Pacer.Dispose();
    }

    private static SipEndpoint Listen() =>
        SipEndpoint.Listen(new SipEndpointOptions { Address = new IPEndPoint(IPAddress.Loopback, 0), Tcp = false });
}
