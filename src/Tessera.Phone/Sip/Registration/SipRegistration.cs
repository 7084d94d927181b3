using System.Globalization;

namespace Tessera.Phone.Sip;

/// <summary>We, registered somewhere (RFC 3261 §10.2): renewed in time, and removed when this is disposed.</summary>
public sealed class SipRegistration : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly SipEndpoint _endpoint;
    private readonly SipUri _registrar;
    private readonly NameAddress _user;
    private readonly SipCredentials? _credentials;
    private readonly TimeProvider _time;
    private readonly SipTimer _renewal;
    private readonly SipFlow _flow;
    private readonly string _callId = TransactionLayer.Unique() + TransactionLayer.Unique();
    private readonly string _tag = TransactionLayer.Unique();
    private TimeSpan _life;
    private uint _sequence;
    private bool _closing;
    private bool _lengthened;

    internal SipRegistration(
        SipEndpoint endpoint, SipUri registrar, SipFlow flow, NameAddress user, SipCredentials? credentials,
        TimeSpan life, TimeProvider time)
    {
        (_endpoint, _registrar, _flow, _user, _credentials, _life, _time) =
            (endpoint, registrar, flow, user, credentials, life, time);
        _renewal = endpoint.Layer.Timer(() => _ = Begin());
    }

    /// <summary>What the registrar said last, or 408 and 503 where it said nothing.</summary>
    public SipStatus Status { get; private set; }

    /// <summary>Until when calls find us; null where they do not.</summary>
    public DateTimeOffset? Expires { get; private set; }

    public bool IsRegistered => Status.IsSuccess() && Expires > _time.GetUtcNow();

    /// <summary>Removes the binding, and waits two seconds at most for the registrar to say so.</summary>
    public async ValueTask DisposeAsync()
    {
        Task told;
        lock (_endpoint.Layer.Gate)
        {
            if (_closing) return;
            _closing = true;
            _renewal.Stop();
            _life = TimeSpan.Zero;
            told = Expires is null ? Task.CompletedTask : Begin();
        }

        using var late = new CancellationTokenSource(Farewell, _time);
        try
        {
            await told.WaitAsync(late.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            // The binding dies by itself.
        }
    }

    /// <summary>Sends a REGISTER; completes with its final response. Called under the lock.</summary>
    internal Task Begin()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var exchange = new ClientExchange(_endpoint.Layer, _credentials, () => ++_sequence, (_, response) =>
        {
            if (response.Status.IsProvisional()) return;
            Take(response, done);
        });
        exchange.Send(Request(), _flow);
        return done.Task;
    }

    private SipRequest Request() =>
        new(SipMethod.Register, _registrar with { User = null, Password = null, Headers = null },
    [
        new("From", _user.WithTag(_tag).ToString()), new("To", _user.ToString()), new("Call-ID", _callId),
        new("CSeq", new CSeq(++_sequence, SipMethod.Register).ToString()), new("Max-Forwards", "70"),
        _endpoint.Contact(_flow), new("Expires", ((uint)_life.TotalSeconds).Number()), _endpoint.UserAgent,
    ]);

    private void Take(SipResponse response, TaskCompletionSource done)
    {
        if (response.Status == SipStatus.IntervalTooBrief && !_lengthened && !_closing
            && Shortest(response) is { } shortest)
        {
            _lengthened = true;
            _life = shortest;
            _ = Begin().ContinueWith(_ => done.TrySetResult(), TaskScheduler.Default);
            return;
        }

        Status = response.Status;
        var granted = Granted(response) is var told && told < Longest ? told : Longest;
        Expires = Status.IsSuccess() && granted > TimeSpan.Zero ? _time.GetUtcNow() + granted : null;
        if (!_closing && !_endpoint.Layer.IsClosed)
            _renewal.Set(Expires is null ? Pause : granted * 0.8);
        done.TrySetResult();
    }

    private TimeSpan Granted(SipResponse response)
    {
        if (!response.Status.IsSuccess() || _life == TimeSpan.Zero) return TimeSpan.Zero;
        var ours = NameAddress.Parse(_endpoint.Contact(_flow).Value).Uri;
        var text = response.Contacts.FirstOrDefault(contact => contact.Uri.Matches(ours))?.Parameters["expires"];
        return uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : response.Expires is { } expires ? TimeSpan.FromSeconds(expires) : _life;
    }

    private static TimeSpan? Shortest(SipResponse response) =>
        uint.TryParse(response.Headers["Min-Expires"], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : null;
}
