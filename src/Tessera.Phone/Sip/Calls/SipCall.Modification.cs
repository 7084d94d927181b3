using System.Security.Cryptography;
using Tessera.Wire;

namespace Tessera.Phone.Sip;

/// <content>Offers inside a call that stands: hold and its end, of both sides (RFC 3261 §14, RFC 3264 §8.4).</content>
public sealed partial class SipCall
{
    private const int MaxTries = 5;

    private readonly SipTimer _retry;
    private TaskCompletionSource<bool>? _modified;
    private AudioDirection _wishBefore;
    private bool _modifying;
    private int _tries;

    /// <summary>Puts the peer on hold: it is told to send no more sound.</summary>
    /// <returns>False where the peer refused, or the call ended.</returns>
    /// <exception cref="InvalidOperationException">The call does not stand, or something is being changed
    /// already.</exception>
    public Task<bool> HoldAsync(CancellationToken cancel) => ModifyAsync(AudioDirection.SendOnly, cancel);

    /// <summary>Ends our hold.</summary>
    /// <inheritdoc cref="HoldAsync"/>
    public Task<bool> ResumeAsync(CancellationToken cancel) => ModifyAsync(AudioDirection.SendReceive, cancel);

    /// <summary>Asks the peer for another direction of sound.</summary>
    /// <inheritdoc cref="HoldAsync"/>
    public Task<bool> ModifyAsync(AudioDirection direction, CancellationToken cancel)
    {
        lock (_layer.Gate)
        {
            if (State != CallState.Established || _modified is { Task.IsCompleted: false })
                throw new InvalidOperationException($"A call that is {State} and being changed cannot be changed.");
            _modified = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            _wishBefore = _audio!.Wish;
            _audio.Wish = direction;
            _tries = 0;
            SendModification();
            return _modified.Task.WaitAsync(cancel);
        }
    }

    private void SendModification()
    {
        if (State != CallState.Established) return;
        if (_okTransaction is not null)
        {
            RetryLater();
            return;
        }

        _modifying = true;
        var dialog = _dialog!;
        var request = dialog.Request(SipMethod.Invite, dialog.NextSequence(), _endpoint.Abilities(dialog.Flow))
            .With(_audio!.Offer().ToBytes(), SessionDescription.ContentType);
        var exchange = new ClientExchange(_layer, Credentials, dialog.NextSequence, TakeModified);
        exchange.Send(request, dialog.NextHop(_layer));
    }

    private void TakeModified(ClientTransaction? transaction, SipResponse response)
    {
        if (response.Status.IsProvisional()) return;
        if (response.Status.IsSuccess() && _ack?.Sequence == response.CSeq.Number)
        {
            SendAckAgain(response);
            return;
        }

        _modifying = false;
        if (response.Status.IsSuccess())
        {
            _dialog!.Renew(response);
            var ack = _dialog.Request(SipMethod.Ack, response.CSeq.Number, AuthorizationOf(transaction));
            var flow = _dialog.NextHop(_layer);
            _ack = (response.CSeq.Number, _layer.SendAck(ack, flow), flow);
        }

        if (State == CallState.Established) Conclude(response);
    }

    private void Conclude(SipResponse response)
    {
        switch (response.Status)
        {
            case var status when status.IsSuccess():
                var before = _audio!.Agreed;
                if (DescriptionOrNull(response) is not { } answer || !_audio.Take(answer))
                {
                    _ = SayBye(CallEndReason.NoAudio, "The answer has nothing of ours.");
                    break;
                }

                if (_audio.Agreed != before) Changed();
                _modified!.TrySetResult(true);
                break;
            case SipStatus.RequestPending when ++_tries < MaxTries:
                RetryLater();
                break;
            case SipStatus.CallDoesNotExist or SipStatus.RequestTimeout:
                _ = SayBye(CallEndReason.Lost, "The peer knows the call no more.");
                break;
            default:
                _audio!.Wish = _wishBefore;
                _modified!.TrySetResult(false);
                break;
        }
    }

    /// <summary>Both sides asked at once: who owns the Call-ID waits longer (RFC 3261 §14.1).</summary>
    private void RetryLater() => _retry.Set(TimeSpan.FromMilliseconds(
        IsIncoming ? RandomNumberGenerator.GetInt32(1, 201) * 10 : RandomNumberGenerator.GetInt32(210, 401) * 10));

    /// <summary>An INVITE inside the call (RFC 3261 §14.2).</summary>
    private void TakeModification(InviteServerTransaction transaction)
    {
        var request = transaction.Request;
        if (_modifying)
        {
            transaction.Respond(request.Response(SipStatus.RequestPending, tag: null));
        }
        else if (State != CallState.Established || _okTransaction is not null)
        {
            var seconds = RandomNumberGenerator.GetInt32(1, 10);
            transaction.Respond(request.Response(
                SipStatus.ServerInternalError, tag: null, new SipHeader("Retry-After", ((uint)seconds).Number())));
        }
        else if (SipEndpoint.RefusalOfBody(request) is { } refusal)
        {
            transaction.Respond(refusal);
        }
        else
        {
            AnswerModification(transaction);
        }
    }

    private void AnswerModification(InviteServerTransaction transaction)
    {
        var before = _audio!.Agreed;
        SessionDescription? description;
        try
        {
            var offer = DescriptionIn(transaction.Request);
            _weOffered = offer is null;
            description = offer is null ? _audio.Offer() : _audio.AnswerTo(offer);
        }
        catch (WireFormatException e)
        {
            transaction.Respond(transaction.Request.Refusal(SipStatus.BadRequest, e.Message));
            return;
        }

        if (description is null)
        {
            transaction.Respond(transaction.Request.Refusal(SipStatus.NotAcceptableHere, "nothing of ours is offered"));
            return;
        }

        SendOk(transaction, description);
        if (_audio.Agreed != before) Changed();
    }

    private void Changed() => _events.Writer.TryWrite(new CallEvent.AudioChanged(_audio!.Agreed!));
}
