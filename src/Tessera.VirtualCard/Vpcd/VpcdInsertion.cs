using System.Threading.Channels;
using Tessera.Wire;

namespace Tessera.VirtualCard.Vpcd;

/// <summary>One stay of a card in a slot: it receives all the time, so removal is seen at once.</summary>
/// <remarks>Who stops waiting for an answer ends the stay: a late answer must not be taken for the next one.</remarks>
internal sealed class VpcdInsertion(VpcdConnection connection, VpcdSlotOptions options)
{
    /// <summary>Whoever got his octet in has the card until he takes it out: a lock that nobody need dispose.</summary>
    private readonly Channel<byte> _turn = Channel.CreateBounded<byte>(1);

    private readonly Lock _state = new();
    private readonly TaskCompletionSource _removed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isHeld;
    private TaskCompletionSource<Bytes>? _asked;
    private ConnectionLostException? _lost;

    /// <summary>Completes when the card is gone and the slot is ready for the next.</summary>
    public Task Removed => _removed.Task;

    /// <summary>True for the one who may power the card until <see cref="Release"/>.</summary>
    public bool TryHold() => !Interlocked.Exchange(ref _isHeld, true);

    public void Release() => Interlocked.Exchange(ref _isHeld, false);

    public void End() => _removed.TrySetResult();

    /// <summary>Receives until the card is gone; never fails.</summary>
    public async Task ReceiveAsync(CancellationToken cancel)
    {
        try
        {
            while (await connection.ReceiveAsync(cancel) is { } message) Take(message.Content);
            Lose(new ConnectionLostException("The card was removed."));
        }
        catch (ConnectionLostException e)
        {
            Lose(e);
        }
        catch (WireFormatException e)
        {
            Lose(new ConnectionLostException("What was inserted is no card.", e));
        }
        catch (OperationCanceledException e)
        {
            Lose(new ConnectionLostException("The reader was closed.", e));
        }
    }

    public async Task ControlAsync(VpcdControl control, CancellationToken cancel)
    {
        await _turn.Writer.WriteAsync(0, cancel);
        try
        {
            ThrowIfLost();
            await connection.SendAsync(VpcdFrame.Of(control), cancel);
        }
        finally
        {
            _turn.Reader.TryRead(out _);
        }
    }

    /// <exception cref="TimeoutException">The card did not answer; its stay is over.</exception>
    public async Task<Bytes> AskAsync(VpcdFrame question, CancellationToken cancel)
    {
        await _turn.Writer.WriteAsync(0, cancel);
        try
        {
            var answer = Ask();
            await connection.SendAsync(question, cancel);
            return await answer.WaitAsync(options.AnswerTimeout, options.Time, cancel);
        }
        catch (TimeoutException e)
        {
            Lose(new ConnectionLostException("The card did not answer.", e));
            throw new TimeoutException($"The card did not answer in {options.AnswerTimeout}.", e);
        }
        catch (OperationCanceledException e)
        {
            Lose(new ConnectionLostException("An answer was not waited for.", e));
            throw;
        }
        finally
        {
            _turn.Reader.TryRead(out _);
        }
    }

    private Task<Bytes> Ask()
    {
        lock (_state)
        {
            ThrowIfLost();
            _asked = new TaskCompletionSource<Bytes>(TaskCreationOptions.RunContinuationsAsynchronously);
            return _asked.Task;
        }
    }

    private void Take(Bytes answer)
    {
        lock (_state)
        {
            if (_asked is null) throw new WireFormatException("message", 0, "nobody asked for it");
            _asked.TrySetResult(answer);
            _asked = null;
        }
    }

    private void Lose(ConnectionLostException reason)
    {
        lock (_state)
        {
            _lost ??= reason;
            _asked?.TrySetException(_lost);
            _asked = null;
        }

        connection.Dispose();
    }

    private void ThrowIfLost()
    {
        lock (_state)
        {
            if (_lost is not null) throw new ConnectionLostException(_lost.Message, _lost);
        }
    }
}
