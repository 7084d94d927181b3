using Tessera.Phone.Data;
using Xunit;

namespace Tessera.Phone.Tests.Data;

public class LineEndTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Octets_flow_both_ways_and_voice_comes_back()
    {
        using var call = new TestCall();
        call.Run(Second);
        Assert.True(call.IsVoice);

        call.Connect();
        Assert.Equal(TestCall.DeviceKey.PublicKey, call.Server.Peer);
        call.Server.Write(new byte[300]);
        call.Device.Write(new byte[250]);
        Assert.True(call.Run(2 * Second, () => call.AtDevice.Count == 300 && call.AtServer.Count == 250));

        call.Server.Finish();
        Assert.True(call.Run(Second, () => call.IsVoice));
        Assert.Equal(LineEnding.Finished, call.Server.Ending);
        Assert.Equal(LineEnding.PeerFinished, call.Device.Ending);
    }
}
