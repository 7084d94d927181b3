using Xunit;

namespace Tessera.Smpp.Tests.Sessions;

public class SessionTimersTests
{
    private static readonly SessionTimers Timers = new(new SessionLimits { Inactivity = TimeSpan.FromSeconds(300) });

    [Theory]
    [InlineData(10, nameof(TimerAction.None))]
    [InlineData(11, nameof(TimerAction.CloseNotBound))]
    public void Whoever_never_binds_is_closed_even_if_he_talks(int now, string action) => Assert.Equal(
        Enum.Parse<TimerAction>(action),
        Timers.Tick(Seconds(now), bound: false, heard: Seconds(now), active: Seconds(now)).Action);

    [Fact]
    public void Silence_is_asked_about_once_and_ends_when_nothing_is_heard()
    {
        var (quiet, none) = Timers.Tick(Seconds(130), bound: true, heard: Seconds(100), active: Seconds(100));
        Assert.Equal(TimerAction.None, none);

        var (asked, ask) = quiet.Tick(Seconds(131), bound: true, heard: Seconds(100), active: Seconds(100));
        Assert.Equal(TimerAction.SendEnquireLink, ask);

        var (waiting, wait) = asked.Tick(Seconds(141), bound: true, heard: Seconds(100), active: Seconds(100));
        Assert.Equal(TimerAction.None, wait);
        Assert.Equal(
            TimerAction.CloseSilent, waiting.Tick(Seconds(142), bound: true, Seconds(100), Seconds(100)).Action);
    }

    [Fact]
    public void Any_octet_is_a_sign_of_life()
    {
        var (asked, _) = Timers.Tick(Seconds(131), bound: true, heard: Seconds(100), active: Seconds(100));

        var (alive, none) = asked.Tick(Seconds(142), bound: true, heard: Seconds(135), active: Seconds(100));

        Assert.Equal((TimerAction.None, Timers), (none, alive));
        Assert.Equal(
            TimerAction.SendEnquireLink, alive.Tick(Seconds(166), bound: true, Seconds(135), Seconds(100)).Action);
    }

    [Theory]
    [InlineData(400, nameof(TimerAction.None))]
    [InlineData(401, nameof(TimerAction.CloseInactive))]
    public void Enquire_link_alone_does_not_keep_a_session(int now, string action) => Assert.Equal(
        Enum.Parse<TimerAction>(action),
        Timers.Tick(Seconds(now), bound: true, heard: Seconds(now), active: Seconds(100)).Action);

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);
}
