using System.Buffers;
using Tessera.Smpp;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Gateway;

/// <summary>
/// Sends single messages that are of use for a short time only, texts for people and logins for cards: each is tried as
/// long as that and is on no record.
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

    /// <inheritdoc cref="SmsGateway.SendTextAsync"/>
    public Task<TextFate> SendTextAsync(string number, string text, TimeSpan validity, CancellationToken cancel) =>
        SendAsync(To(number) with { DataCoding = DataCoding.Default, Text = Encode(text) }, validity, cancel);

    /// <inheritdoc cref="SmsGateway.SendLoginAsync"/>
    public async Task<TextFate> SendLoginAsync(
        Subscriber subscriber, LoginPair login, TimeSpan validity, CancellationToken cancel)
    {
        var counter = await site.Store.ReserveAsync(subscriber.Card, 1, cancel);
        var packet = CardPacket.Wrap(
            site.KeysOf(subscriber), subscriber.Card, counter, Bytes.Of(new LoginNotice(login)));
        var message = To(subscriber.Number) with
        {
            EsmClass = EsmClass.WithHeader,
            ProtocolId = CardMessage.ProtocolId,
            DataCoding = DataCoding.Sim,
            Text = CardMessage.Cut(packet, (byte)counter).Single(),
        };
        return await SendAsync(message, validity, cancel);
    }

    private async Task<TextFate> SendAsync(SubmitSm message, TimeSpan validity, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(validity, TimeSpan.Zero);
        Enter();
        using var late = new CancellationTokenSource(validity, site.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        string? id = null;
        try
        {
            var until = site.Time.GetUtcNow() + validity;
            var response = await site.Road.SubmitAsync(
                () => message with { ValidityPeriod = SmppTime.FromNow(Left(until)) }, either.Token).WaitAsync(either.Token);
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
            // One that the centre has not been heard to have taken yet may be what this is about.
            if (_underWay > _accepted.Count && _early.Count < MaxUnderWay) _early[id] = state;
            return false;
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

    private SubmitSm To(string number) => new()
    {
        Source = site.Options.ServiceNumber,
        Destination = SmppAddress.International(number),
        RegisteredDelivery = RegisteredDelivery.Always,
    };

    private TimeSpan Left(DateTimeOffset until) =>
        until - site.Time.GetUtcNow() is { Ticks: > 0 } left ? left : TimeSpan.Zero;

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
