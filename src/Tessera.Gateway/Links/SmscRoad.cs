using System.Security.Cryptography;
using Tessera.Smpp;
using Tessera.Toolkit.Links;
using Tessera.Wire;

namespace Tessera.Gateway;

/// <summary>The connection to the SMSC: bound again for ever after it was lost.</summary>
internal sealed class SmscRoad(SmsGatewayOptions options, TimeProvider time)
{
    /// <summary>A bind that was refused is not pressed.</summary>
    private const int Refused = 16;

    private readonly Lock _gate = new();
    private TaskCompletionSource<SmppClient> _bound = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsBound
    {
        get
        {
            lock (_gate) return _bound.Task.IsCompletedSuccessfully;
        }
    }

    /// <param name="deliver">Takes what the SMSC delivers; what it throws ends the connection.</param>
    public async Task RunAsync(
        Func<DeliverSm, CancellationToken, ValueTask<CommandStatus>> deliver,
        Action<GatewayEvent> tell,
        CancellationToken stop)
    {
        var esme = options.Esme with { Mode = BindMode.Transceiver, Deliver = deliver };
        var backoff = new Backoff(options.FirstReconnect, options.MaxReconnect);
        while (true)
        {
            DateTimeOffset? bound = null;
            var end = await BindOnceAsync(
                esme, () => tell(new RoadChanged((bound = time.GetUtcNow()).Value, Bound: true, "")), stop);
            var now = time.GetUtcNow();
            tell(new RoadChanged(now, Bound: false, end.ToString()));

            // A connection that held for the longest wait was no failure, whatever came before it.
            if (now - bound >= options.MaxReconnect) backoff = backoff with { Failures = 0 };
            backoff = end.Reason switch
            {
                SessionEndReason.Unbound or SessionEndReason.Silent => backoff with { Failures = 1 },
                SessionEndReason.Refused => backoff with { Failures = Refused },
                _ => backoff.AfterFailure(),
            };
            await PauseAsync(backoff, stop);
        }
    }

    /// <summary>Hands a message to the SMSC, as soon and as often as it takes to get its word.</summary>
    /// <param name="message">Made anew each time, for the time that is left to it.</param>
    /// <param name="stop">No more attempts; the word on a message that was handed over is still awaited.</param>
    public async Task<SubmitSmResp> SubmitAsync(Func<SubmitSm> message, CancellationToken stop)
    {
        var backoff = new Backoff(options.FirstReconnect, options.MaxReconnect);
        while (true)
        {
            var client = await BoundAsync(stop);
            try
            {
                var response = await client.SubmitAsync(message(), CancellationToken.None);
                if (!IsTemporary(response.Status)) return response;
            }
            catch (Exception e) when (IsUnknownFate(e))
            {
                // Sent again it is the same packet, which the card takes once.
                if (client.State == SessionState.Unbound)
                {
                    Lose(client);
                    continue;
                }
            }

            await PauseAsync(backoff = backoff.AfterFailure(), stop);
        }
    }

    private async Task<SessionEnd> BindOnceAsync(SmppClientOptions esme, Action bound, CancellationToken stop)
    {
        try
        {
            await using var client = await SmppClient.ConnectAsync(options.Smsc, esme, stop);
            lock (_gate) _bound.TrySetResult(client);
            bound();
            try
            {
                return await client.Completion.WaitAsync(stop);
            }
            finally
            {
                Lose(client);
            }
        }
        catch (CommandStatusException e)
        {
            return new SessionEnd(SessionEndReason.Refused, e.Message, e);
        }
        catch (Exception e) when (e is ConnectionLostException or TimeoutException or WireFormatException)
        {
            return new SessionEnd(SessionEndReason.Closed, e.Message, e);
        }
    }

    private Task<SmppClient> BoundAsync(CancellationToken stop)
    {
        lock (_gate) return _bound.Task.WaitAsync(stop);
    }

    private void Lose(SmppClient client)
    {
        lock (_gate)
        {
            if (_bound.Task is { IsCompletedSuccessfully: true } task && task.Result == client)
                _bound = new TaskCompletionSource<SmppClient>(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private Task PauseAsync(Backoff backoff, CancellationToken stop) =>
        Task.Delay(backoff.Delay(RandomNumberGenerator.GetInt32(Backoff.JitterSteps)), time, stop);

    /// <summary>Lost, late, not understood, or too many at once: what became of the message is not known.</summary>
    private static bool IsUnknownFate(Exception fault) => fault is
        ConnectionLostException or TimeoutException or WireFormatException or InvalidOperationException;

    private static bool IsTemporary(CommandStatus status) => status is
        CommandStatus.SystemError or CommandStatus.MessageQueueFull or CommandStatus.Throttled
        or CommandStatus.InvalidBindStatus or CommandStatus.SubmitFailed;
}
