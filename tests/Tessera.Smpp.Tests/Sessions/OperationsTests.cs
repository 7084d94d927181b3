using Xunit;

namespace Tessera.Smpp.Tests.Sessions;

public class OperationsTests
{
    // SMPP 3.4 §2.3, table 2-1: the states in which a side may issue the request.
    // O open, T bound_tx, R bound_rx, X bound_trx.
    private static readonly (CommandId Request, string Esme, string Smsc)[] Table =
    [
        (CommandId.BindTransmitter, "O", ""),
        (CommandId.BindReceiver, "O", ""),
        (CommandId.BindTransceiver, "O", ""),
        (CommandId.Outbind, "", "O"),
        (CommandId.Unbind, "TRX", "TRX"),
        (CommandId.SubmitSm, "TX", ""),
        (CommandId.SubmitMulti, "", ""),
        (CommandId.DataSm, "TX", "RX"),
        (CommandId.DeliverSm, "", "RX"),
        (CommandId.QuerySm, "TX", ""),
        (CommandId.CancelSm, "TX", ""),
        (CommandId.ReplaceSm, "TX", ""),
        (CommandId.EnquireLink, "OTRX", "OTRX"),
        (CommandId.AlertNotification, "", "RX"),
    ];

    private static readonly Dictionary<SessionState, char> Letters = new()
    {
        [SessionState.Open] = 'O',
        [SessionState.BoundTx] = 'T',
        [SessionState.BoundRx] = 'R',
        [SessionState.BoundTrx] = 'X',
        [SessionState.Unbound] = '-',
    };

    [Fact]
    public void Every_request_belongs_where_the_table_says()
    {
        foreach (var (request, esme, smsc) in Table)
        {
            foreach (var (state, letter) in Letters)
            {
                var allowed = (esme.AsSpan().Contains(letter), smsc.AsSpan().Contains(letter));
                Assert.True(
                    allowed == (SmppRole.Esme.MayIssue(state, request), SmppRole.Smsc.MayIssue(state, request)),
                    $"{request} {state}");
            }
        }
    }

    [Fact]
    public void The_table_has_every_request() => Assert.Equal(
        Enum.GetValues<CommandId>().Where(id => !id.IsResponse()).Order(), Table.Select(row => row.Request).Order());

    [Theory]
    [InlineData(SessionState.Open, CommandId.SubmitSm, CommandStatus.InvalidBindStatus)]
    [InlineData(SessionState.BoundRx, CommandId.SubmitSm, CommandStatus.InvalidBindStatus)]
    [InlineData(SessionState.Open, CommandId.Unbind, CommandStatus.InvalidBindStatus)]
    [InlineData(SessionState.BoundTrx, CommandId.BindTransceiver, CommandStatus.AlreadyBound)]
    [InlineData(SessionState.BoundTrx, CommandId.DeliverSm, CommandStatus.InvalidCommandId)]
    [InlineData(SessionState.BoundTrx, CommandId.SubmitMulti, CommandStatus.InvalidCommandId)]
    [InlineData(SessionState.BoundTrx, (CommandId)0x112, CommandStatus.InvalidCommandId)]
    public void What_an_esme_may_not_issue_is_refused(SessionState state, CommandId request, CommandStatus status) =>
        Assert.Equal(status, SmppRole.Esme.Refusal(state, request));
}
