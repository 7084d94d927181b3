using System.IO.Pipelines;
using System.Net;
using Tessera.Sms.Messages;
using Tessera.Sms.Relay;
using Tessera.Wire;

namespace Tessera.Smpp.Centre;

/// <summary>
/// The phone's side of the air: attached with one SIM, it sends and takes short messages (docs/protocols/air.md).
/// </summary>
public sealed class MobileStation : IAsyncDisposable
{
    private readonly AirConnection _connection;
    private readonly RpLink _relay;
    private readonly Func<Tpdu, CancellationToken, Task<SmsDeliverReport>> _incoming;
    private readonly TaskCompletionSource<Msisdn> _attached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task<AirEnd> _running;

    private MobileStation(
        IDuplexPipe pipe, Imsi imsi, Func<Tpdu, CancellationToken, Task<SmsDeliverReport>> incoming, AirLimits limits,
        TimeProvider time)
    {
        _incoming = incoming;
        _connection = new AirConnection(pipe, AirRole.Phone, limits, time);
        _relay = new RpLink(_connection, Direction.ToCentre, limits.Answer, time, AnswerAsync);
        _connection.Send(AirFrameType.Attach, Bytes.Of(imsi));
        _running = RunAsync();
    }

    /// <summary>What the network calls this phone.</summary>
    public Msisdn Number => _attached.Task.Result;

    /// <summary>Completes when the phone is attached no longer, and says why.</summary>
    public Task<AirEnd> Ended => _running;

    /// <summary>Connects to the centre and attaches.</summary>
    /// <inheritdoc cref="AttachAsync"/>
    public static async Task<MobileStation> ConnectAsync(
        EndPoint centre, Imsi imsi, Func<Tpdu, CancellationToken, Task<SmsDeliverReport>> incoming,
        AirLimits? limits = null, TimeProvider? time = null, CancellationToken cancel = default)
    {
        var pipe = await SocketPipe.ConnectAsync(centre, cancel);
        return await AttachAsync(pipe, imsi, incoming, limits, time, cancel);
    }

    /// <summary>Attaches over a pipe, which it closes at its end.</summary>
    /// <param name="incoming">
    /// Called with each SMS-DELIVER or SMS-STATUS-REPORT, one at a time. Its report goes back in RP-ACK, or in RP-ERROR
    /// where it names a failure. What it throws ends the connection.
    /// </param>
    /// <exception cref="AttachRefusedException">The centre will not have this SIM.</exception>
    /// <exception cref="ConnectionLostException">Nobody is there, or went away before an answer.</exception>
    /// <exception cref="TimeoutException">No answer came in time.</exception>
    public static async Task<MobileStation> AttachAsync(
        IDuplexPipe pipe, Imsi imsi, Func<Tpdu, CancellationToken, Task<SmsDeliverReport>> incoming,
        AirLimits? limits = null, TimeProvider? time = null, CancellationToken cancel = default)
    {
        var (usual, clock) = (limits ?? new AirLimits(), time ?? TimeProvider.System);
        var station = new MobileStation(pipe, imsi, incoming, usual, clock);
        try
        {
            await station._attached.Task.WaitAsync(usual.Attach, clock, cancel);
            return station;
        }
        catch
        {
            await station.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a message and awaits what the centre says.</summary>
    /// <param name="serviceCentre">As the SIM has it; our own centre does not look at it.</param>
    /// <exception cref="TimeoutException">No answer came in time; the message may have been taken.</exception>
    /// <exception cref="ConnectionLostException">The connection ended; the message may have been taken.</exception>
    /// <exception cref="WireFormatException">The answer carried something else than a report.</exception>
    public async Task<SubmitAnswer> SendAsync(
        SmsSubmit message, Address? serviceCentre = null, CancellationToken cancel = default)
    {
        var tpdu = message.ToBytes();
        return SubmitAnswer.Of(await _relay.SendAsync(
            reference => new RpData(Direction.ToCentre, reference, serviceCentre, tpdu), cancel));
    }

    /// <summary>Tells the centre that there is room for messages again.</summary>
    /// <exception cref="TimeoutException">No answer came in time.</exception>
    /// <exception cref="ConnectionLostException">The connection ended.</exception>
    public Task MemoryAvailableAsync(CancellationToken cancel) =>
        _relay.SendAsync(reference => new RpSmma(reference), cancel);

    /// <summary>Detaches, as a phone that is switched off.</summary>
    public async ValueTask DisposeAsync()
    {
        _connection.End(
            new AirEnd(Cause: null, "The phone detached."), new AirFrame(AirFrameType.Detach, Bytes.Empty));
        await _running;
        _relay.Dispose();
    }

    private async Task<AirEnd> RunAsync()
    {
        var how = await _connection.RunAsync(Handle, CancellationToken.None);
        await _relay.CloseAsync(how);
        _attached.TrySetException(how.Cause is { } cause
            ? new AttachRefusedException(cause)
            : new ConnectionLostException($"The air: {how}"));
        return how;
    }

    private void Handle(AirFrame frame)
    {
        switch (frame.Type)
        {
            case AirFrameType.Attached when !_attached.Task.IsCompleted:
                var reader = new ByteReader(frame.Body.Span);
                _attached.TrySetResult(Msisdn.Read(ref reader));
                break;
            case AirFrameType.Refused:
                _connection.End(new AirEnd((AirCause)frame.Body.Span[0], "The centre ended it."));
                break;
            case AirFrameType.Rp when _attached.Task.IsCompleted:
                _relay.Take(frame.Body);
                break;
            default:
                throw new WireFormatException("type", 0, $"{frame.Type} has no place here");
        }
    }

    private async Task<RpMessage> AnswerAsync(RpMessage message, CancellationToken cancel)
    {
        var report = Incoming(message) is { } tpdu
            ? await _incoming(tpdu, cancel)
            : new SmsDeliverReport(FailureCause.TpduNotSupported);
        return report.Failure is { } failure
            ? new RpError(Direction.ToCentre, message.Reference, CauseOf(failure), Tpdu: report.ToBytes())
            : new RpAck(Direction.ToCentre, message.Reference, report.ToBytes());
    }

    /// <summary>Null where it is nothing that a phone takes.</summary>
    private static Tpdu? Incoming(RpMessage message)
    {
        try
        {
            if (message is not RpData data) return null;
            var tpdu = Tpdu.Read(data.Tpdu, Direction.ToMobile);
            return tpdu is SmsDeliver or SmsStatusReport ? tpdu : null;
        }
        catch (WireFormatException)
        {
            return null;
        }
    }

    private static RpCause CauseOf(FailureCause failure) => failure switch
    {
        FailureCause.MemoryExceeded or FailureCause.SimStorageFull => RpCause.MemoryCapacityExceeded,
        _ => RpCause.ProtocolError,
    };
}
