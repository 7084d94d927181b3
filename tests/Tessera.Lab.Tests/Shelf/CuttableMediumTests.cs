using Tessera.Lab.Shelf;
using Tessera.VirtualCard.Memory;
using Tessera.Wire;
using Xunit;

namespace Tessera.Lab.Tests.Shelf;

public sealed class CuttableMediumTests : IDisposable
{
    private readonly MemoryMedium _image = new();
    private readonly CuttableMedium _medium;

    public CuttableMediumTests()
    {
        _image.Write(0, new byte[4]);
        _medium = new CuttableMedium(_image);
    }

    public void Dispose() => _medium.Dispose();

    [Theory]
    [InlineData(0, 0, "00000000")]
    [InlineData(0, 1, "A1000000")]
    [InlineData(1, 0, "A1A20000")]
    [InlineData(1, 9, "A1A2A3A4")]
    public void The_power_goes_before_or_in_the_middle_of_the_chosen_write(int writes, int octets, string left)
    {
        _medium.CutAfter(writes, octets);
        for (var write = 0; write < writes; write++) Write(write);

        Assert.Throws<IOException>(() => Write(writes));

        var image = new byte[4];
        _image.Read(0, image);
        Assert.Equal(left, new Bytes(image).ToString());
    }

    [Fact]
    public void Without_power_nothing_is_read_written_or_flushed()
    {
        _medium.CutAfter(0);
        Assert.Throws<IOException>(() => Write(0));

        Assert.Throws<IOException>(() => Write(0));
        Assert.Throws<IOException>(() => _medium.Read(0, new byte[1]));
        Assert.Throws<IOException>(_medium.Flush);
    }

    [Fact]
    public void A_cut_that_does_not_come_changes_nothing()
    {
        _medium.CutAfter(2);
        Write(0);
        Write(1);
        _medium.Flush();

        Assert.Equal(2, _medium.Writes);
    }

    private void Write(int write) => _medium.Write(2 * write, write == 0 ? [0xA1, 0xA2] : [0xA3, 0xA4]);
}
