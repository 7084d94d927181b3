using System.Buffers;
using Tessera.Smpp;
using Tessera.Wire;

namespace Tessera.Gateway;

/// <summary>
/// Sends texts for people that are of use for a short time only: each is tried as long as that and is on no record.
/// </summary>
internal sealed class TextSender(GatewaySite site)
{
    public const int MaxCharacters = 160;

    /// <summary>Texts under way at once, and receipts that came before the SMSC's word on their message.</summary>
    public const int MaxUnderWay = 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, TaskCompletionSource<TextFate>> _accepted = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PartState> _early = new(StringComparer.Ordinal);
    private int _underWay;
    private int _unaccepted;

    /// <inheritdoc cref="SmsGateway.SendTextAsync"/>
    public async Task<TextFate> SendAsync(string number, string text, TimeSpan validity, CancellationToken cancel)
    {
        var octets = Encode(text);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(validity, TimeSpan.Zero);
        Enter();
        using var late = new CancellationTokenSource(validity, site.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        string? id = null;
        try
        {
            var until = site.Time.GetUtcNow() + validity;
            var response = await SubmitAsync(() => MessageOf(number, octets, until), either.Token);
            if (response.Status != CommandStatus.Ok) return TextFate.Failed;
            id = MessageIds.Key(response.MessageId);
            return await FateOf(id).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return TextFate.Lapsed;
        }
        finally
        {
            Leave(id);
        }
    }

    /// <summary>What became of a message; false where it is none of the texts.</summary>
    public bool Settle(string id, PartState state)
    {
        lock (_gate)
        {
            if (_accepted.TryGetValue(id, out var text)) return text.TrySetResult(Of(state));
            if (_unaccepted > 0 && _early.Count < MaxUnderWay) _early[id] = state;
            return false;
        }
    }

    private async Task<SubmitSmResp> SubmitAsync(Func<SubmitSm> message, CancellationToken stop)
    {
        lock (_gate) _unaccepted++;
        try
        {
            return await site.Road.SubmitAsync(message, stop).WaitAsync(stop);
        }
        finally
        {
            lock (_gate)
            {
                _unaccepted--;
            }
        }
    }

    private Task<TextFate> FateOf(string id)
    {
        lock (_gate)
        {
            var fate = new TaskCompletionSource<TextFate>(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_early.Remove(id, out var state)) fate.SetResult(Of(state));
            _accepted[id] = fate;
            return fate.Task;
        }
    }

    private void Enter()
    {
        lock (_gate)
        {
            if (_underWay == MaxUnderWay) throw new InvalidOperationException($"{MaxUnderWay} texts are under way.");
            _underWay++;
        }
    }

    private void Leave(string? id)
    {
        lock (_gate)
        {
            _underWay--;
            if (id is not null) _accepted.Remove(id);
            if (_underWay == 0) _early.Clear();
        }
    }

    private SubmitSm MessageOf(string number, Bytes text, DateTimeOffset until) => new()
    {
        Source = site.Options.ServiceNumber,
        Destination = SmppAddress.International(number),
        DataCoding = DataCoding.Default,
        RegisteredDelivery = RegisteredDelivery.Always,
        ValidityPeriod = SmppTime.FromNow(until - site.Time.GetUtcNow() is { Ticks: > 0 } left ? left : TimeSpan.Zero),
        Text = text,
    };

    private static Bytes Encode(string text)
    {
        if (!GsmAlphabet.Covers(text))
            throw new ArgumentException("The text has characters that the GSM alphabet has not.", nameof(text));
        var octets = new ArrayBufferWriter<byte>();
        GsmAlphabet.Write(text, octets);
        return octets.WrittenCount is > 0 and <= MaxCharacters
            ? new Bytes(octets.WrittenMemory)
            : throw new ArgumentException($"A text has 1 to {MaxCharacters} characters.", nameof(text));
    }

    private static TextFate Of(PartState state) => state == PartState.Delivered ? TextFate.Delivered : TextFate.Failed;
}
