using System.Threading.Channels;
using Tessera.Sms.Messages;
using Tessera.Sms.Relay;
using Tessera.Wire;

namespace Tessera.Smpp.Centre;

/// <summary>
/// The relay layer on a connection, one RP-DATA in flight each way (3GPP TS 24.011 §7.3, docs/protocols/air.md §2).
/// </summary>
/// <param name="sends">Which way our messages go.</param>
/// <param name="answer">Answers RP-DATA or RP-SMMA of the other side; what it throws ends the connection.</param>
internal sealed class RpLink(
    AirConnection connection, Direction sends, TimeSpan patience, TimeProvider time,
    Func<RpMessage, CancellationToken, Task<RpMessage>> answer) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Channel<byte> _turn = FirstTurn();
    private readonly CancellationTokenSource _closed = new();
    private TaskCompletionSource<RpMessage>? _pending;
    private Task _answering = Task.CompletedTask;
    private bool _busy;
    private byte _inFlight;

    /// <summary>Sends a message under the next reference and awaits its RP-ACK or RP-ERROR.</summary>
    /// <exception cref="TimeoutException">None came in time; whether the message was taken is not known.</exception>
    /// <exception cref="ConnectionLostException">The connection ended; the same is not known.</exception>
    public async Task<RpMessage> SendAsync(Func<byte, RpMessage> message, CancellationToken cancel)
    {
        var reference = await _turn.Reader.ReadAsync(cancel);
        try
        {
            var pending = new TaskCompletionSource<RpMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
            var sent = message(reference);
            lock (_gate) (_pending, _inFlight) = (pending, reference);
            if (_closed.IsCancellationRequested) throw Lost(await connection.Ended);

            connection.Send(AirFrameType.Rp, sent.ToBytes());
            return await pending.Task.WaitAsync(patience, time, cancel);
        }
        finally
        {
            lock (_gate) _pending = null;
            _turn.Writer.TryWrite((byte)(reference + 1));
        }
    }

    /// <summary>Takes one RPDU and does not wait.</summary>
    public void Take(Bytes rpdu)
    {
        if (Read(rpdu) is not { } message) return;

        lock (_gate)
        {
            if (message is RpAck or RpError)
            {
                if (message.Reference == _inFlight) _pending?.TrySetResult(message);
            }
            else if (!_busy)
            {
                _busy = true;
                _answering = AnswerAsync(message);
            }
            else
            {
                Refuse(message.Reference, RpCause.Congestion);
            }
        }
    }

    /// <summary>The connection has ended: nothing is awaited any more.</summary>
    public async Task CloseAsync(AirEnd how)
    {
        Task answering;
        await _closed.CancelAsync();
        lock (_gate)
        {
            _pending?.TrySetException(Lost(how));
            answering = _answering;
        }

        await answering;
    }

    public void Dispose() => _closed.Dispose();

    /// <summary>The next reference, to be had by one sender at a time.</summary>
    private static Channel<byte> FirstTurn()
    {
        var turn = Channel.CreateBounded<byte>(1);
        turn.Writer.TryWrite(0);
        return turn;
    }

    private static ConnectionLostException Lost(AirEnd how) => new($"The air: {how}");

    /// <summary>What cannot be read is refused where it wants an answer, and dropped where it is one.</summary>
    private RpMessage? Read(Bytes rpdu)
    {
        try
        {
            var message = RpMessage.Read(rpdu.Span);
            if (message.Direction != sends) return message;
            Refuse(message.Reference, RpCause.MessageTypeUnknown);
        }
        catch (WireFormatException)
        {
            var isAnswer = (rpdu.Span[0] & 0b110) is 0b010 or 0b100;
            if (!isAnswer) Refuse(rpdu.Span[1], RpCause.InvalidMandatoryInformation);
        }

        return null;
    }

    private void Refuse(byte reference, RpCause cause) => Send(new RpError(sends, reference, cause));

    private async Task AnswerAsync(RpMessage message)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            var reply = await answer(message, _closed.Token);
            lock (_gate) _busy = false;
            Send(reply);
        }
        catch (OperationCanceledException) when (_closed.IsCancellationRequested)
        {
            // Nobody is there to hear the answer.
        }
        catch (Exception e)
        {
            connection.End(new AirEnd(Cause: null, e.Message));
        }
    }

    private void Send(RpMessage message) => connection.Send(AirFrameType.Rp, message.ToBytes());
}
