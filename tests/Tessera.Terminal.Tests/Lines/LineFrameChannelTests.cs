using Tessera.Phone.Data;
using Tessera.Phone.Sound;
using Tessera.Terminal.Lines;
using Tessera.Testing.Lines;
using Tessera.Toolkit.Links;
using Xunit;

namespace Tessera.Terminal.Tests.Lines;

public sealed class LineFrameChannelTests : IDisposable
{
    /// <summary>200 ms, of which 80 are one way, and 80 for a sign of life that is just being said.</summary>
    private const int MostPackets = 14;

    private readonly LineKey _serverKey = LineKey.Generate();
    private readonly LineKey _deviceKey = LineKey.Generate();
    private readonly DuplexLine _line = new(new LineConditions { Companding = Companding.ALaw, Latency = 4 }, seed: 1);
    private readonly short[] _atServer = new short[AudioBlock.Length];
    private readonly short[] _atDevice = new short[AudioBlock.Length];
    private readonly LineCall _server;
    private readonly LineCall _device;

    public LineFrameChannelTests()
    {
        _server = new LineCall(new LineServerOptions
        {
            Key = _serverKey, Modems = [LineModems.Ofdm], Allows = key => key == _deviceKey.PublicKey,
        });
        _device = new LineCall(new LineDeviceOptions
        {
            Key = _deviceKey, Modems = [LineModems.Ofdm], Server = _serverKey.PublicKey,
        });
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private bool IsVoice => _server.IsVoice && _device.IsVoice;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_Bye_of_either_end_goes_with_that_of_the_line(bool byServer)
    {
        var obeyed = _device.ObeyAsync(TimeSpan.FromMinutes(1), Cancel);
        var escaped = _server.EscapeAsync(Cancel);
        while (!obeyed.IsCompleted || !escaped.IsCompleted) Step();
        await using var server = new LineFrameChannel((await escaped)!);
        await using var device = new LineFrameChannel((await obeyed)!);
        var (leaves, stays) = byServer ? (server, device) : (device, server);

        await leaves.SendAsync(LinkFrame.Of(FrameType.Bye, new Bye(ByeReason.Voice, "")), Cancel);
        var packets = 0;
        do Step();
        while (++packets < MostPackets && !IsVoice);

        Assert.True(IsVoice);
        Assert.Equal(ByeReason.Voice, (await stays.ReceiveAsync(Cancel))!.Value.Body.Read<Bye>().Reason);
        Assert.Null(await stays.ReceiveAsync(Cancel));
        Assert.Null(await leaves.ReceiveAsync(Cancel));
    }

    public void Dispose()
    {
        _server.Dispose();
        _device.Dispose();
        _serverKey.Dispose();
        _deviceKey.Dispose();
    }

    private void Step()
    {
        Cancel.ThrowIfCancellationRequested();
        Exchange(_server, _atServer);
        Exchange(_device, _atDevice);
        _line.Exchange(_atServer, _atDevice);
    }

    private static void Exchange(LineCall end, short[] block)
    {
        short[] heard = [.. block];
        block.AsSpan().Clear();
        end.Exchange(heard, concealed: false, block);
    }
}
