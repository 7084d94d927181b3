using Tessera.Phone.Data;
using Xunit;

namespace Tessera.Phone.Tests.Data;

public class LossyCallTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public static TheoryData<int, double, bool> Lines =>
    [
        .. from delay in new[] { 2, 4, 10, 20 }
           from loss in new[] { 0, 0.01, 0.05 }
           from bursts in new[] { false, true }
           select (delay, loss, bursts),
    ];

    [Theory]
    [MemberData(nameof(Lines))]
    public void Every_octet_arrives_in_order_once_or_the_link_ends(int delay, double loss, bool bursts)
    {
        var ends = 0;
        for (var seed = 1; seed <= 8; seed++)
        {
            var random = new Random(seed);
            var from = 100 + random.Next(200);
            var length = random.Next(1, 100);
            bool Cut(long packet) => bursts && packet >= from && packet < from + length;
            using var call = new TestCall(
                new Way(delay, loss, seed) { Cut = Cut }, new Way(delay, loss, seed + 1000) { Cut = Cut });
            ends += Exchange(call, random) ? 0 : 1;
        }

        if (loss <= 0.01 && !bursts) Assert.Equal(0, ends);
    }

    /// <returns>Whether all arrived.</returns>
    private static bool Exchange(TestCall call, Random random)
    {
        call.Device.Arm(Minute);
        call.Server.Escape();
        if (!call.Run(TimeSpan.FromSeconds(30), () => call.IsData)) return false;

        var (down, up) = (Octets(random), Octets(random));
        var (writtenDown, writtenUp) = (0, 0);
        call.Run(Minute, () =>
        {
            writtenDown += Write(call.Server, down.AsSpan(writtenDown), random);
            writtenUp += Write(call.Device, up.AsSpan(writtenUp), random);
            return !call.IsData || (call.AtDevice.Count == down.Length && call.AtServer.Count == up.Length);
        });

        // What has arrived is what was sent, from its beginning, whatever happened to the line.
        Assert.Equal(down.AsSpan(0, call.AtDevice.Count), [.. call.AtDevice]);
        Assert.Equal(up.AsSpan(0, call.AtServer.Count), [.. call.AtServer]);
        var all = call.AtDevice.Count == down.Length && call.AtServer.Count == up.Length;
        if (all && call.IsData) call.Run(Minute, () => call.Server.IsDelivered && call.Device.IsDelivered);

        call.Server.Finish();
        Assert.True(call.Run(TimeSpan.FromSeconds(15), () => call.IsVoice));
        Assert.NotNull(call.Server.Ending);
        Assert.NotNull(call.Device.Ending);
        if (call.Server.Ending == LineEnding.Finished) Assert.Equal(down.Length, call.AtDevice.Count);
        Assert.True(all || call.Server.Ending != LineEnding.Finished || call.Device.Ending != LineEnding.Finished);
        return all;
    }

    private static byte[] Octets(Random random)
    {
        var octets = new byte[random.Next(1, 3000)];
        random.NextBytes(octets);
        return octets;
    }

    private static int Write(LineEnd end, ReadOnlySpan<byte> octets, Random random) =>
        octets.IsEmpty ? 0 : end.Write(octets[..random.Next(1, Math.Min(octets.Length, 400) + 1)]);
}
