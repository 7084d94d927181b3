using Tessera.Smpp.Centre;
using Tessera.Wire;
using Xunit;

namespace Tessera.Smpp.Tests.Centre;

public class CentreWatchTests
{
    private static readonly MessageSubmitted Submitted = new(
        DateTimeOffset.UnixEpoch, 7, Party.Esme("shop"), Party.Of(CentreWorld.Ada.Number),
        SmppAddress.International("1"), SmppAddress.International("2"), About: null, Bytes.FromHex("4869"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Contents_are_shown_only_to_those_who_asked()
    {
        var stream = new EventStream();
        using var plain = new CentreWatch(stream, contents: false);
        using var full = new CentreWatch(stream, contents: true);

        stream.Publish(Submitted);
        stream.End();

        Assert.Equal([Submitted with { Contents = null }], await plain.ReadAllAsync(Cancel).ToListAsync(Cancel));
        Assert.Equal([Submitted], await full.ReadAllAsync(Cancel).ToListAsync(Cancel));
        Assert.False(stream.IsWatched);
    }

    [Fact]
    public async Task A_watcher_that_is_too_slow_misses_the_newest_and_is_told_how_many()
    {
        var stream = new EventStream();
        using var slow = new CentreWatch(stream, contents: false);
        for (var i = 0; i < CentreWatch.MaxQueued + 5; i++) stream.Publish(Submitted with { Id = i });

        Assert.Equal((5, CentreWatch.MaxQueued), (slow.Missed, slow.Waiting));
        stream.End();
        Assert.Equal(
            CentreWatch.MaxQueued - 1L,
            ((MessageSubmitted)(await slow.ReadAllAsync(Cancel).ToListAsync(Cancel))[^1]).Id);
    }
}
