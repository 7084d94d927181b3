using System.Buffers;
using Tessera.Wire;

namespace Tessera.Smpp;

/// <content>What the peer sends.</content>
internal sealed partial class SmppConnection
{
    private int _handling;

    private CommandStatus TooMany =>
        _side.Role == SmppRole.Smsc ? CommandStatus.Throttled : CommandStatus.ReceiverTemporaryError;

    private async Task ReadAsync(CancellationToken ending)
    {
        while (true)
        {
            var read = await _pipe.Input.ReadAsync(ending);
            Volatile.Write(ref _heard, Now.Ticks);
            var buffer = read.Buffer;
            var intact = TakeFrames(ref buffer, ending);
            var left = buffer.Length;
            _pipe.Input.AdvanceTo(buffer.Start, buffer.End);

            if (!intact) End(SessionEndReason.Broken, "The peer sent a length that no PDU can have.");
            else if (read.IsCompleted && left > 0) End(SessionEndReason.Closed, "The stream ended inside a PDU.");
            else if (read.IsCompleted) End(SessionEndReason.Closed, "The peer closed the connection.");
            if (HasEnded) return;

            await _outbox.RoomAsync(ending);
        }
    }

    /// <summary>False where nothing that follows can be trusted.</summary>
    private bool TakeFrames(ref ReadOnlySequence<byte> buffer, CancellationToken ending)
    {
        while (!HasEnded)
        {
            var result = PduFramer.TryRead(ref buffer, _limits.PduLength, out var frame);
            if (result != FrameResult.Frame) return result == FrameResult.Incomplete;

            _seen?.Invoke(SeenPdu.Received(frame));
            if (frame.Id.IsResponse()) TakeResponse(frame);
            else TakeRequest(frame, ending);
        }

        return true;
    }

    private void TakeResponse(in PduFrame frame)
    {
        if (_window.Take(frame) is not { } request) return;

        // Before the next PDU, and before the caller that awaits this one.
        if (frame is { Status: CommandStatus.Ok, Id: not CommandId.GenericNack } && State == SessionState.Open)
            Agree(Bind.ModeOf(frame.Id));
        else if (frame.Id == CommandId.UnbindResp)
            End(SessionEndReason.Unbound, "We said unbind.");
        request.Complete(frame);
    }

    private void TakeRequest(in PduFrame frame, CancellationToken ending)
    {
        var issuer = _side.Role.Peer();
        if (!issuer.MayIssue(State, frame.Id))
        {
            Refuse(frame.SequenceNumber, frame.Id, issuer.Refusal(State, frame.Id));
            return;
        }

        try
        {
            Take(frame.SequenceNumber, (RequestPdu)Pdu.Read(frame), ending);
        }
        catch (WireFormatException e)
        {
            Refuse(frame.SequenceNumber, frame.Id, Pdu.RefusalOf(e));
        }
    }

    private void Take(uint number, RequestPdu request, CancellationToken ending)
    {
        switch (request)
        {
            case EnquireLink:
                _outbox.Append(number, new EnquireLinkResp(CommandStatus.Ok));
                break;
            case Unbind:
                _outbox.Append(number, new UnbindResp(CommandStatus.Ok));
                End(SessionEndReason.Unbound, "The peer said unbind.");
                break;
            default:
                Volatile.Write(ref _active, Now.Ticks);
                _ = AnswerAsync(number, request, ending);
                break;
        }
    }

    /// <summary>Hands the request to our side. A handler that throws ends the connection.</summary>
    private async Task AnswerAsync(uint number, RequestPdu request, CancellationToken ending)
    {
        try
        {
            if (Interlocked.Increment(ref _handling) > _limits.Incoming)
                Refuse(number, request.Id, TooMany);
            else if (await _side.HandleAsync(request, ending) is { } response)
                Respond(number, response);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // Nobody is there to be answered.
        }
        catch (Exception e)
        {
            Refuse(number, request.Id, CommandStatus.SystemError);
            End(SessionEndReason.Failed, $"The handler of {request.Id} failed: {e.Message}", e);
        }
        finally
        {
            Interlocked.Decrement(ref _handling);
        }
    }

    private void Respond(uint number, ResponsePdu response)
    {
        if (response is not BindResp bind)
        {
            try
            {
                _outbox.Append(number, response);
            }
            finally
            {
                _side.Answered(response);
            }

            return;
        }

        var agreed = bind.Status == CommandStatus.Ok && Agree(bind.Mode);
        _outbox.Append(number, response);
        if (agreed) _side.Bound();
        else End(SessionEndReason.Refused, $"The bind was refused: {bind.Status}.");
    }

    private void Refuse(uint number, CommandId request, CommandStatus status) =>
        _outbox.Append(number, BareResponse.To(request, status));

    /// <summary>From open to bound; false where the connection has ended meanwhile.</summary>
    private bool Agree(BindMode mode) =>
        Interlocked.CompareExchange(ref _state, mode.State(), SessionState.Open) == SessionState.Open;
}
