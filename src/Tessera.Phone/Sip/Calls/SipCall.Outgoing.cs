using Tessera.Wire;

namespace Tessera.Phone.Sip;

/// <content>A call of ours (RFC 3261 §13.2).</content>
public sealed partial class SipCall
{
    private ClientExchange? _calling;
    private bool _cancelled;
    private bool _cancelSent;
    private CallEndReason _endReason = CallEndReason.HungUp;
    private uint _sequence;
    private (uint Sequence, Bytes Octets, SipFlow Flow)? _ack;

    private SipCredentials? Credentials { get; init; }

    /// <summary>Sends the INVITE.</summary>
    internal static SipCall Begin(
        SipEndpoint endpoint, SipRequest invite, SipFlow flow, LocalAudio audio, SipCredentials? credentials)
    {
        var session = new AudioSession(audio, endpoint.NextSession());
        var request = invite.With(session.Offer().ToBytes(), SessionDescription.ContentType);
        var from = request.From;
        var call = new SipCall(
            endpoint, request, new CallerIdentity(CallerCertainty.Claimed, from.Uri, from.DisplayName))
        {
            Credentials = credentials, _audio = session, _sequence = request.CSeq.Number, State = CallState.Calling,
        };
        call._limit.Set(call._layer.Timers.Ringing);
        call._calling = new ClientExchange(call._layer, credentials, () => ++call._sequence, call.TakeAnswer);
        call._calling.Send(request, flow);
        return call;
    }

    private void TakeAnswer(ClientTransaction? transaction, SipResponse response)
    {
        if (response.Status.IsSuccess())
        {
            TakeSuccess(transaction!, response);
        }
        else if (State != CallState.Calling)
        {
            // It is over, or another branch of it was answered.
        }
        else if (response.Status.IsProvisional())
        {
            if (_cancelled) SendCancel();
            else if (response.Status != SipStatus.Trying)
                _events.Writer.TryWrite(new CallEvent.Progress(response.Status));
        }
        else
        {
            End(_cancelled ? _endReason : CallEndReason.Refused, response.Status, response.Reason);
        }
    }

    /// <summary>
    /// Every 2xx is acknowledged; the first one is the call, those of other branches are hung up (§13.2.2.4).
    /// </summary>
    private void TakeSuccess(ClientTransaction transaction, SipResponse response)
    {
        if (string.Equals(_dialog?.Key, Dialog.KeyOf(response), StringComparison.Ordinal))
        {
            SendAckAgain(response);
            return;
        }

        var dialog = Dialog.OfClient(transaction.Request, response, transaction.Flow);
        if (State != CallState.Calling)
        {
            Acknowledge(dialog, response.CSeq.Number);
            _ = SayBye(dialog);
            return;
        }

        _dialog = dialog;
        _ack = (response.CSeq.Number, Acknowledge(dialog, response.CSeq.Number), dialog.NextHop(_layer));
        if (_cancelled)
            _ = SayBye(_endReason, "The peer answered when we had given up.");
        else if (DescriptionOrNull(response) is { } answer && _audio!.Take(answer))
            Stand();
        else
            _ = SayBye(CallEndReason.NoAudio, "The answer has nothing of ours.");
    }

    private void Stand()
    {
        _endpoint.Remember(this);
        Establish();
    }

    private Bytes Acknowledge(Dialog dialog, uint sequence) => _layer.SendAck(
        dialog.Request(SipMethod.Ack, sequence, AuthorizationOf(_calling?.Current)), dialog.NextHop(_layer));

    /// <summary>An ACK carries the credentials of its INVITE (RFC 3261 §22.1).</summary>
    private static IEnumerable<SipHeader> AuthorizationOf(ClientTransaction? transaction) =>
        transaction?.Request.Headers
            .Where(header => header.Is("Authorization") || header.Is("Proxy-Authorization")) ?? [];

    private void SendAckAgain(SipResponse response)
    {
        if (_ack is { } ack && ack.Sequence == response.CSeq.Number) _layer.Send(ack.Octets, ack.Flow);
    }

    /// <summary>Gives up a call that is not answered: at once, or when the peer was heard of (§9.1).</summary>
    private void Cancel()
    {
        if (_cancelled) return;
        _cancelled = true;
        _calling!.GiveUp();
        // A peer that answers neither the INVITE nor the CANCEL is not waited for.
        _limit.Set(_layer.Timers.Life);
        if (_calling.Current?.State == TransactionState.Proceeding) SendCancel();
    }

    private void SendCancel()
    {
        if (_cancelSent || _calling!.Current is not { } invite) return;
        _cancelSent = true;
        _layer.Cancel(invite, new ClientExchange(_layer, credentials: null, () => 0, (_, _) => { }));
    }
}
