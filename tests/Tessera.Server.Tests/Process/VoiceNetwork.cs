using System.Net;
using System.Text.RegularExpressions;
using Tessera.Phone.Rtp;
using Tessera.Phone.Sip;
using Tessera.Testing;

namespace Tessera.Server.Tests.Process;

/// <summary>A telephone network that calls the service and hears what it says: SIP and RTP over real sockets.</summary>
internal sealed partial class VoiceNetwork : IAsyncDisposable
{
    private const int Loud = 1000;

    private readonly RtpPacer _pacer = new(TimeProvider.System);
    private readonly SipEndpoint _endpoint = SipEndpoint.Listen(new SipEndpointOptions
    {
        Address = new IPEndPoint(IPAddress.Loopback, 0), Tcp = false,
    });

    /// <summary>Calls, listens until the service hangs up, and says how many blocks of 20 ms were loud.</summary>
    /// <param name="number">What the network asserts of the caller; null where the caller withholds it.</param>
    public async Task<int> CallAsync(RunningServer server, string? number, CancellationToken cancel)
    {
        var port = RtpPort.Bind(IPAddress.Loopback);
        var call = await _endpoint.CallAsync(
            SipUri.Sip("service", await AddressAsync(server, cancel)), new LocalAudio(port.EndPoint), Options(number), cancel);
        if (await call.Answered.WaitAsync(cancel) is not { } agreed)
            throw new InvalidOperationException($"The call was not answered: {await call.Ended}");

        var loud = 0;
        await using (_pacer.Start(port, new RtpSession(agreed, new RtpOptions()), (heard, _, _) =>
        {
            foreach (var sample in heard)
            {
                if (Math.Abs((int)sample) < Loud) continue;
                loud++;
                break;
            }
        }))
        {
            await call.Ended.WaitAsync(cancel);
        }

        return loud;
    }

    public async ValueTask DisposeAsync()
    {
        await _endpoint.DisposeAsync();
        _pacer.Dispose();
    }

    private CallOptions Options(string? number)
    {
        var who = new NameAddress(SipUri.Sip(number ?? "anonymous", _endpoint.Address));
        return new CallOptions { From = who, AssertedIdentity = number is null ? null : who, Withheld = number is null };
    }

    private static async Task<IPEndPoint> AddressAsync(RunningServer server, CancellationToken cancel)
    {
        var said = await Eventually.SeeAsync(
            () => Task.FromResult(Calls().Match(server.Output)), match => match.Success, cancel);
        return IPEndPoint.Parse(said.Groups["address"].Value);
    }

    [GeneratedRegex(@"Calls at sip:(?<address>127\.0\.0\.1:\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Calls();
}
