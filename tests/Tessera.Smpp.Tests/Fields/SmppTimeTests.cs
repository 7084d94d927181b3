using FsCheck;
using FsCheck.Fluent;
using Tessera.Wire;
using Xunit;

namespace Tessera.Smpp.Tests.Fields;

public class SmppTimeTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("260304050607800+", "2026-03-04T05:06:07.8Z")]
    [InlineData("260304050607804+", "2026-03-04T05:06:07.8+01:00")]
    [InlineData("260304050607022-", "2026-03-04T05:06:07-05:30")]
    [InlineData("240229000000048+", "2024-02-29T00:00:00+12:00")]
    [InlineData("000000000100000R", "2026-01-31T12:01:00Z")]
    [InlineData("000000000060000R", "2026-01-31T12:01:00Z")]
    [InlineData("000102030405000R", "2026-03-02T15:04:05Z")]
    [InlineData("010000000000000R", "2027-01-31T12:00:00Z")]
    [InlineData("000099999999000R", "2026-05-14T16:40:39Z")]
    public void Means_a_point_in_time(string text, string moment) =>
        Assert.Equal(DateTimeOffset.Parse(moment, null), Read(text).Resolve(Now));

    [Fact]
    public void Nothing_means_none()
    {
        Assert.True(Read("").IsNone);
        Assert.Null(Read("").Resolve(Now));
        Assert.Equal(SmppTime.None, Read(""));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("00000000010000R")]
    [InlineData("0000000001000000")]
    [InlineData("000000000100000r")]
    [InlineData("00000000010 000R")]
    [InlineData("260304050607849+")]
    [InlineData("261304050607800+")]
    [InlineData("260004050607800+")]
    [InlineData("260230050607800+")]
    [InlineData("260200050607800+")]
    [InlineData("260304240607800+")]
    [InlineData("260304056007800+")]
    [InlineData("260304050660800+")]
    [InlineData("250229000000000+")]
    public void Is_no_time(string text) =>
        Assert.Equal("validity_period", Assert.Throws<WireFormatException>(() => Read(text)).Field);

    [Fact]
    public void A_period_is_written_rounded_up_to_seconds() =>
        Assert.Equal("000001020305000R", SmppTime.FromNow(new TimeSpan(1, 2, 3, 4, 1)).ToString());

    [Fact]
    public void A_period_longer_than_any_month_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SmppTime.FromNow(TimeSpan.FromDays(32)));

    [Fact]
    public void What_is_written_is_meant() => Prop.ForAll<int, uint>((seconds, period) =>
    {
        var moment = Now.AddSeconds(seconds).ToOffset(TimeSpan.FromHours(seconds % 12));
        var span = TimeSpan.FromSeconds(period % 2_678_400);
        return Read(SmppTime.At(moment).ToString()).Resolve(Now) == moment
            && Read(SmppTime.FromNow(span).ToString()).Resolve(Now) == Now + span;
    }).QuickCheckThrowOnFailure();

    private static SmppTime Read(string text)
    {
        var octets = Bytes.Of(output => new ByteWriter(output).WriteCString(text));
        var reader = new ByteReader(octets.Span);
        var time = SmppTime.Read(ref reader, "validity_period");
        reader.ReadEnd("time");
        Assert.Equal(text, time.ToString());
        return time;
    }
}
