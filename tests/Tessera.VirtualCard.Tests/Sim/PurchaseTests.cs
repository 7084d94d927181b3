using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Sim;

/// <summary>A purchase by short messages, from the menu to the receipt (docs/protocols/sms.md §5).</summary>
public sealed class PurchaseTests : IDisposable
{
    private readonly SimWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void A_purchase_is_paid_and_proven_with_two_messages_of_the_card()
    {
        var opening = _world.Open();
        var script = Shop.Purchase(opening);
        var statuses = _world.Send(Bytes.Of(script));

        Assert.Equal(["9000", "9133"], statuses);
        var payment = Shop.Paid(opening, script, _world.Gateway.Received[^1]);
        Assert.Equal((320u, "Centre 3.20"), (payment!.Amount, payment.Item));
        Assert.Equal((4680u, 2u), (_world.Balance.Balance, _world.Balance.Number));
        Assert.Equal(2, _world.Phone.Sent);
        Assert.Equal(
            [
                CommandType.SetUpMenu, CommandType.SendShortMessage, CommandType.SelectItem, CommandType.GetInput,
                CommandType.DisplayText, CommandType.SendShortMessage,
            ],
            _world.Phone.Commands.Select(command => command.Type));
    }

    [Fact]
    public void The_PIN_is_asked_hidden_with_what_is_paid()
    {
        var opening = _world.Open();
        _world.Send(Bytes.Of(Shop.Purchase(opening)));

        var asked = _world.Phone.Commands.Single(command => command.Type == CommandType.GetInput);
        Assert.Equal("3.20 EUR, PIN:\nCentre 3.20", asked.Text);
        Assert.Equal(0x04, asked.Qualifier);
        Assert.Equal("0608", asked.Find(ObjectTag.ResponseLength)!.Value.ToString());
    }

    [Theory]
    [InlineData("04313233343536")]
    [InlineData("08003100320033003400350036")]
    [InlineData("0031D98C56B301")]
    public void The_PIN_is_read_in_every_coding_of_text(string textString)
    {
        _world.Phone.Holder = Typing(ComprehensionTlv.Of(ObjectTag.TextString, Bytes.FromHex(textString).Span));
        var opening = _world.Open();
        _world.Send(Bytes.Of(Shop.Purchase(opening)));

        Assert.Equal(4680u, _world.Balance.Balance);
    }

    [Fact]
    public void A_wrong_PIN_stops_the_script_and_the_third_blocks_it()
    {
        _world.Phone.Holder = Shop.Holder(1, "654321");
        foreach (var status in (string[])["63C2", "63C1", "63C0", "6983"])
        {
            var opening = _world.Open();
            _world.Send(Bytes.Of(Shop.Purchase(opening)));

            var answer = _world.Gateway.LastAnswer;
            Assert.Equal(new Stopped(StopReason.UnexpectedStatus, 3), answer.Stopped);
            Assert.Equal(status, ((CardResult)answer.Results[^1]).Answer.Status.ToString());
        }

        Assert.Equal(Shop.Balance, _world.Balance.Balance);
        Assert.True(_world.Open().Purse!.Flags.HasFlag(Cards.Purse.PurseCondition.PinBlocked));
    }

    [Theory]
    [InlineData(GeneralResult.SessionTerminatedByUser, StopReason.EndedByHolder)]
    [InlineData(GeneralResult.BackwardMove, StopReason.EndedByHolder)]
    [InlineData(GeneralResult.NoResponseFromUser, StopReason.NoAnswerFromHolder)]
    [InlineData(GeneralResult.BeyondCapabilities, StopReason.NotCapable)]
    public void What_the_holder_ends_is_answered(GeneralResult result, StopReason reason)
    {
        _world.Phone.Holder = command => TerminalResponse.To(command, result);
        _world.Send(Bytes.Of(Shop.Purchase(_world.Open())));

        Assert.Equal(new Stopped(reason, 1), _world.Gateway.LastAnswer.Stopped);
        Assert.Equal(Shop.Balance, _world.Balance.Balance);
    }

    [Fact]
    public void Several_scripts_of_a_session_run_in_order_and_INITIALIZE_serves_the_first_only()
    {
        var opening = _world.Open();
        _world.Send(SimWorld.Showing(opening.Session, 1));
        Assert.Null(_world.Gateway.LastAnswer.End);
        _world.Send(Bytes.Of(Shop.Purchase(opening, number: 2)));

        Assert.Equal("6985", ((CardResult)_world.Gateway.LastAnswer.Results[^1]).Answer.Status.ToString());
        Assert.Equal(Shop.Balance, _world.Balance.Balance);
    }

    [Fact]
    public void The_profile_is_told_by_its_digest_where_it_would_cost_a_message_and_is_known()
    {
        var longest = new Bytes(Bytes.FromHex(TestSim.Profile).ToArray().Concat(new byte[30]).ToArray());
        void Start()
        {
            _world.Sim.Os.Reset();
            _world.Phone.Exchange(Gateway.Command(0x10, longest));
        }

        Start();
        Assert.Equal(longest, _world.Open().Profile.Octets);
        var second = _world.Open();
        Assert.Equal(longest, second.Profile.Octets);
        _world.Send(SimWorld.Showing(second.Session, 1));
        var sent = _world.Phone.Sent;

        Start();
        var third = _world.Open();
        Assert.Equal(OpeningProfile.Whole(longest.Span).ToDigest(), third.Profile);
        Assert.Equal(sent + 1, _world.Phone.Sent);
        _world.Phone.SwitchOn();
        Assert.False(_world.Open().Profile.IsDigest);
        Start();
        Assert.False(_world.Open().Profile.IsDigest);
    }

    private static Func<ProactiveCommand, TerminalResponse> Typing(ComprehensionTlv text) =>
        command => command.Type == CommandType.GetInput
            ? TerminalResponse.To(command, GeneralResult.Success, text)
            : Shop.Holder(1, "")(command);
}
