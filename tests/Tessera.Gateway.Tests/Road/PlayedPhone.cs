using System.Threading.Channels;
using Tessera.Smpp;
using Tessera.Sms.Messages;
using Tessera.Wire;

namespace Tessera.Gateway.Tests.Road;

/// <summary>What the air does to one message.</summary>
internal enum Air
{
    Carries,

    /// <summary>Lost, and the centre knows it.</summary>
    Loses,

    Doubles,

    /// <summary>Comes behind the next one of its packet, or of its direction.</summary>
    Delays,
}

/// <summary>
/// Phone and network between the centre and a card: carries messages both ways, again until the gateway has
/// acknowledged them, and tells what became of those to the card.
/// </summary>
internal sealed class PlayedPhone : IAsyncDisposable
{
    private readonly GatewayWorld _world;
    private readonly Func<Air> _down;
    private readonly Func<Air> _up;
    private readonly CancellationTokenSource _off = new();
    private readonly Channel<DeliverSm> _outgoing = Channel.CreateUnbounded<DeliverSm>();
    private readonly Task _carrying;
    private Submitted? _delayedDown;
    private Bytes? _delayedUp;

    /// <param name="down">What happens to the next message to the card; default it is carried.</param>
    /// <param name="up">What happens to the next message from the card; default it is carried.</param>
    public PlayedPhone(GatewayWorld world, Func<Air>? down = null, Func<Air>? up = null)
    {
        (_world, _down, _up) = (world, down ?? (() => Air.Carries), up ?? (() => Air.Carries));
        _carrying = Task.WhenAll(CarryDownAsync(_off.Token), CarryUpAsync(_off.Token));
    }

    /// <summary>The holder takes the menu item.</summary>
    public void Open()
    {
        foreach (var message in _world.Card.Open()) Send(message);
    }

    public async ValueTask DisposeAsync()
    {
        await _off.CancelAsync();
        await _carrying.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _off.Dispose();
    }

    private async Task CarryDownAsync(CancellationToken off)
    {
        await foreach (var sent in _world.Centre.Down.ReadAllAsync(off))
        {
            switch (_down())
            {
                case Air.Carries:
                    Arrive(sent);
                    break;
                case Air.Doubles:
                    Arrive(sent);
                    Hear(sent.Message.Text);
                    break;
                case Air.Loses:
                    Tell(sent, MessageState.Undeliverable);
                    break;
                case Air.Delays when HasMore(sent):
                    _delayedDown = sent;
                    continue;
                default:
                    Arrive(sent);
                    break;
            }

            if (_delayedDown is { } delayed) Arrive(delayed);
            _delayedDown = null;
        }
    }

    private static bool HasMore(Submitted sent) =>
        UserData.OfOctets(sent.Message.Text.Span, hasHeader: true).Header.Concatenation is { } place
        && place.Number < place.Total;

    private void Arrive(Submitted sent)
    {
        Hear(sent.Message.Text);
        Tell(sent, MessageState.Delivered);
    }

    private void Hear(Bytes userData)
    {
        if (_world.Card.Hear(userData) is not { } answer) return;
        foreach (var message in _world.Card.Say(answer))
        {
            switch (_up())
            {
                case Air.Carries:
                    Send(message);
                    break;
                case Air.Doubles:
                    Send(message);
                    Send(message);
                    break;
                case Air.Delays when _delayedUp is null:
                    _delayedUp = message;
                    continue;
                case Air.Delays:
                    Send(message);
                    break;
                case Air.Loses:
                    continue;
            }

            if (_delayedUp is { } delayed) Send(delayed);
            _delayedUp = null;
        }
    }

    private void Send(Bytes userData) => _outgoing.Writer.TryWrite(PlayedCentre.MessageOf(_world.Card.Number, userData));

    private void Tell(Submitted sent, MessageState state) => _outgoing.Writer.TryWrite(PlayedCentre.ReceiptOf(sent, state));

    private async Task CarryUpAsync(CancellationToken off)
    {
        await foreach (var message in _outgoing.Reader.ReadAllAsync(off))
        {
            while (await _world.Centre.DeliverAsync(message, off) != CommandStatus.Ok) await Task.Yield();
        }
    }
}
