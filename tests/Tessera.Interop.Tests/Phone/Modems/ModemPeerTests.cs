using Tessera.Phone.Modems.Async;
using Tessera.Phone.Modems.Fsk;
using Tessera.Testing.Lines;
using Tessera.Wire;
using Xunit;

namespace Tessera.Interop.Tests.Phone.Modems;

/// <summary>Our modems beside minimodem and spandsp, in both directions.</summary>
public class ModemPeerTests
{
    private static readonly FskChannel[] Fast = [FskChannel.V23Forward, FskChannel.Bell202];
    private static readonly FskChannel[] Slow = [FskChannel.V21Caller, FskChannel.V21Answerer];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Minimodem_hears_what_we_send_at_300_and_1200()
    {
        using var minimodem = Installed();
        foreach (var channel in Fast.Concat(Slow))
        {
            byte[] octets = [.. ModemFigures.Frames(seed: 1, count: 6).SelectMany(g => g.ToArray())];
            Assert.Equal(octets, await minimodem.ReceiveAsync(channel, ModemFigures.Ours(channel, octets), Cancel));
        }
    }

    [Fact]
    public async Task We_hear_what_minimodem_sends_at_300_and_1200()
    {
        using var minimodem = Installed();
        foreach (var channel in Fast.Concat(Slow))
        {
            byte[] octets = [.. ModemFigures.Frames(seed: 2, count: 6).SelectMany(g => g.ToArray())];
            var receiver = new AsyncReceiver(channel);

            receiver.Write(await minimodem.SendAsync(channel, octets, Cancel));

            foreach (var octet in octets)
            {
                Assert.True(receiver.TryRead(out var heard));
                Assert.Equal(octet, heard);
            }
        }
    }

    [Fact]
    public async Task Spandsp_hears_the_frames_we_send()
    {
        using var spandsp = await CompiledAsync();
        foreach (var channel in Fast.Concat(Slow).Append(FskChannel.V23Backward))
        {
            var frames = ModemFigures.Frames(seed: 3, count: 5);
            // It needs some flags before the first frame: it hears those that follow others.
            Bytes[] sent = [Bytes.FromHex("0000"), .. frames];

            var heard = await spandsp.ReceiveAsync(channel, ModemFigures.Ours(channel, sent), Cancel);

            Assert.Equal(frames, heard.TakeLast(5));
        }
    }

    [Fact]
    public async Task We_hear_the_frames_spandsp_sends()
    {
        using var spandsp = await CompiledAsync();
        foreach (var channel in Fast.Concat(Slow).Append(FskChannel.V23Backward))
        {
            var frames = ModemFigures.Frames(seed: 4, count: 5);
            var receiver = new FskReceiver(channel);

            receiver.Write(await spandsp.SendAsync(channel, frames, Cancel));

            foreach (var frame in frames)
            {
                Assert.True(receiver.TryRead(out var heard));
                Assert.Equal(frame, heard.Payload);
            }
        }
    }

    [Theory]
    [InlineData(double.PositiveInfinity, 0.02, 100)]
    [InlineData(10, 0, -100)]
    [InlineData(4, 0.01, 0)]
    public async Task We_hear_no_less_than_they_do_in_the_same_sound(double ratio, double loss, double drift)
    {
        using var minimodem = Installed();
        using var spandsp = await CompiledAsync();
        var figures = new ModemFigures(spandsp, minimodem);
        var conditions = new LineConditions
        {
            SignalToNoise = ratio, Loss = PacketLoss.Random(loss), Drift = drift, Companding = Companding.ALaw,
        };
        foreach (var sentByUs in new[] { true, false })
        {
            foreach (var channel in Fast.Append(FskChannel.V21Answerer))
            {
                var frames = await figures.FramesAsync(channel, sentByUs, 12, conditions, seed: 5, Cancel);
                Assert.InRange(frames.Ours, frames.Theirs, frames.Sent);
                var characters = await figures.CharactersAsync(channel, sentByUs, 12, conditions, seed: 5, Cancel);
                Assert.InRange(characters.Ours, characters.Theirs, characters.Sent);
            }
        }
    }

    private static Minimodem Installed()
    {
        if (!Minimodem.IsInstalled) Assert.Skip("install minimodem");
        return new Minimodem();
    }

    private static async Task<Spandsp> CompiledAsync()
    {
        if (!Spandsp.IsInstalled) Assert.Skip("install libspandsp-dev, libtiff-dev and gcc");
        return await Spandsp.BuildAsync(Cancel);
    }
}
