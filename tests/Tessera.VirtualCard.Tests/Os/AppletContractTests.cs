using Tessera.Cards;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Os;
using Tessera.VirtualCard.SecureChannels;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Os;

/// <summary>What <see cref="IApplet"/> promises to who writes one.</summary>
public sealed class AppletContractTests : IDisposable
{
    private readonly ToldApplet _own = new("A000000001") { UsesCardServices = false, TakesSecureMessaging = true };
    private readonly ToldApplet _other = new("A000000002") { IsShareable = true };
    private readonly CardOs _card;

    public AppletContractTests()
    {
        var memory = CardMemory.Open(new CutMedium(TestCard.NewImage()));
        var current = new CurrentChannel();
        var pin = new CardPin(memory, current);
        var programs = new CardPrograms(
            TestCard.Id, current, pin, new CardFinger(memory, pin), [_own, _other]);
        _card = new CardOs(memory, new CardLife(memory), _ => new CardBody(programs, null));
        _card.Reset();
    }

    public void Dispose() => _card.Dispose();

    [Fact]
    public void An_applet_for_one_at_a_time_is_selected_on_one_channel()
    {
        Send("00700001", "00A4040005A000000001");

        Assert.Equal("6985", Send("01A4040005A000000001"));
        Assert.Equal("9000", Send("01A4040005A000000002"));
        Assert.Equal("9000", Send("00A4040005A000000002"));
        Assert.Equal("9000", Send("01A4040005A000000001"));
        Assert.Equal("6985", Send("01700002"));
        Assert.Equal("6881", Send("02A4040005A000000002"));
    }

    [Fact]
    public void It_is_told_when_it_is_left_and_when_its_channel_is_closed()
    {
        Send("00A4040005A000000001", "00A4040005A000000001", "00A4040005A0000000FF");
        Assert.Equal(0, _own.Left);
        Send("00A4040005A000000002");
        Assert.Equal(1, _own.Left);

        Send("00700001", "01A4040005A000000001", "01708000");
        Assert.Equal(2, _own.Left);
        Assert.Equal("9000", Send("00A4040005A000000001"));
    }

    [Fact]
    public void It_sees_no_channel_no_block_and_no_limit_of_length()
    {
        Send("00700002", "02A4040005A000000001");

        Send("92E2000002AABB", "82E2000001CC");

        Assert.Equal("80E2000003AABBCC", _own.Last);
    }

    [Fact]
    public void One_that_answers_for_itself_gets_PIN_commands_and_the_number_of_the_card()
    {
        Send("00A4040005A000000001");
        foreach (var command in (string[])["0020008008313233343536FFFF", "0024000002AABB", "002C0081", "00210081", "00CA00C100"])
        {
            Send(command);
            Assert.Equal(command, _own.Last);
        }

        Send("00A4040005A000000002");
        Assert.Equal("0123456789ABCDEF9000", Send("00CA00C100"));
        Assert.Equal("63C3", Send("00200080"));
        Assert.Equal("", _other.Last);
    }

    [Fact]
    public void Secure_messaging_reaches_who_unwraps_it_and_nobody_else()
    {
        Send("00700003");
        Assert.Equal("6882", Send("84E2000000"));

        Send("03A4040005A000000001");
        Assert.Equal("9000", Send("87E2000001AA"));
        Assert.Equal("84E2000001AA", _own.Last);
        Send("0BA4040001AA");
        Assert.Equal("08A4040001AA", _own.Last);

        Send("03A4040005A000000002");
        Assert.Equal("6882", Send("87E2000001AA"));
    }

    private string Send(params string[] commands)
    {
        var answer = "";
        foreach (var command in commands) answer = _card.Transmit(Bytes.FromHex(command).Span).ToString();
        return answer;
    }

    private sealed class ToldApplet(string aid) : IApplet
    {
        public Bytes Aid { get; } = Bytes.FromHex(aid);

        public bool IsShareable { get; init; }

        public bool UsesCardServices { get; init; } = true;

        public bool TakesSecureMessaging { get; init; }

        public int Left { get; private set; }

        public string Last { get; private set; } = "";

        public Bytes Select() => Bytes.Empty;

        public ResponseApdu Process(CommandApdu command)
        {
            Last = Bytes.Of(command).ToString();
            return new ResponseApdu(StatusWord.Success);
        }

        public void Deselect() => Left++;

        public void Forget() => Last = "";
    }
}
