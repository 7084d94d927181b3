using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Tessera.Lab.Phones.Log;
using Tessera.Smpp.Centre;
using Tessera.Sms.Messages;
using Tessera.Sms.Relay;
using Tessera.Wire;

namespace Tessera.Lab.Phones.Air;

/// <summary>How sending a message ended.</summary>
internal enum SendEnd
{
    Taken,

    /// <summary>The centre said no, and why.</summary>
    Refused,

    NoService,

    /// <summary>Nothing was heard: it may have been taken.</summary>
    NoAnswer,
}

/// <summary>How sending a message ended, and the cause of RP-ERROR.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SendOutcome(SendEnd End, RpCause Cause = default)
{
    public override string ToString() => End switch
    {
        SendEnd.Taken => "sent",
        SendEnd.Refused => $"refused: {AirDecoding.Of(Cause)}",
        SendEnd.NoService => "no network",
        _ => "no answer",
    };
}

/// <summary>
/// The phone's end of the air: attached as long as a SIM is in, found again when it is lost. It belongs to the phone's
/// loop, to which its own tasks post what they hear.
/// </summary>
/// <param name="relay">The way to the centre; null for a place without any network.</param>
internal sealed class Radio(
    AirRelay? relay, TimeProvider time, HandsetLog log, Func<Func<Phone, Task>, CancellationToken, Task> post)
    : IAsyncDisposable
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(3);

    private CancellationTokenSource? _attached;
    private Task _attaching = Task.CompletedTask;
    private MobileStation? _station;
    private byte _reference;

    public bool HasService => _station is not null;

    /// <summary>What the network calls the phone; empty where it has not said.</summary>
    public string Number { get; private set; } = "";

    public Traffic Traffic { get; private set; }

    /// <summary>Reference of the next message or concatenation.</summary>
    public byte NextReference() => _reference++;

    /// <summary>Looks for the network from now on.</summary>
    /// <param name="imsi">EF.IMSI; one that is no identity finds none.</param>
    public void Attach(Bytes imsi)
    {
        if (relay is null || _attached is not null) return;
        try
        {
            var identity = imsi.Read<Imsi>();
            _attached = new CancellationTokenSource();
            _attaching = StayAttachedAsync(relay.EndPoint, identity, _attached.Token);
        }
        catch (WireFormatException e)
        {
            log.Note(e.Message);
        }
    }

    public async Task DetachAsync()
    {
        if (_attached is not { } attached) return;
        (_attached, _station, Number) = (null, null, "");
        await attached.CancelAsync();
        await _attaching;
        attached.Dispose();
    }

    /// <summary>Counts begin again.</summary>
    public void Forget() => Traffic = default;

    public void Received() => Traffic = Traffic with { Received = Traffic.Received + 1 };

    /// <summary>Sends a message; never fails.</summary>
    public async Task<SendOutcome> SendAsync(SmsSubmit message, Address? serviceCentre, CancellationToken cancel)
    {
        if (_station is not { } station) return new SendOutcome(SendEnd.NoService);
        Traffic = Traffic with { Sent = Traffic.Sent + 1 };
        try
        {
            var answer = await station.SendAsync(message, serviceCentre, cancel);
            return answer.Refused is { } cause
                ? new SendOutcome(SendEnd.Refused, cause)
                : new SendOutcome(SendEnd.Taken);
        }
        catch (Exception e) when (e is TimeoutException or ConnectionLostException or WireFormatException
            or OperationCanceledException or ObjectDisposedException)
        {
            return new SendOutcome(SendEnd.NoAnswer);
        }
    }

    /// <summary>There is room for messages again.</summary>
    public async Task MemoryAvailableAsync(CancellationToken cancel)
    {
        if (_station is not { } station) return;
        try
        {
            await station.MemoryAvailableAsync(cancel);
        }
        catch (Exception e) when (e is TimeoutException or ConnectionLostException or OperationCanceledException)
        {
            log.Note("The centre did not hear that there is room again.");
        }
    }

    public async ValueTask DisposeAsync() => await DetachAsync();

    private async Task StayAttachedAsync(EndPoint centre, Imsi imsi, CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                await AttachOnceAsync(centre, imsi, cancel);
                await Task.Delay(Retry, time, cancel);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // No SIM, or no power.
        }
    }

    private async Task AttachOnceAsync(EndPoint centre, Imsi imsi, CancellationToken cancel)
    {
        try
        {
            await using var station = await MobileStation.ConnectAsync(
                centre, imsi, HearAsync, limits: null, time, cancel);
            await post(_ => HoldAsync(station, cancel), cancel);
            await station.Ended.WaitAsync(cancel);
        }
        catch (AttachRefusedException e)
        {
            log.Note(e.Message);
        }
        catch (Exception e) when (e is SocketException or ConnectionLostException or TimeoutException)
        {
            // No signal: it is looked for again.
        }

        await post(_ => HoldAsync(null, cancel), cancel);
    }

    private Task HoldAsync(MobileStation? station, CancellationToken cancel)
    {
        if (cancel.IsCancellationRequested) return Task.CompletedTask;
        _station = station;
        if (station is not null) Number = station.Number.ToString();
        return Task.CompletedTask;
    }

    private async Task<SmsDeliverReport> HearAsync(Tpdu message, CancellationToken cancel)
    {
        var heard = new TaskCompletionSource<SmsDeliverReport>(TaskCreationOptions.RunContinuationsAsynchronously);
        await post(
            async phone =>
            {
                try
                {
                    heard.TrySetResult(await phone.ReceiveAsync(message));
                }
                catch
                {
                    heard.TrySetResult(new SmsDeliverReport(FailureCause.ErrorInMobile));
                    throw;
                }
            },
            cancel);
        return await heard.Task.WaitAsync(cancel);
    }
}
