using System.Net;
using System.Net.Sockets;
using Tessera.Cards;
using Tessera.Wire;

namespace Tessera.VirtualCard.Vpcd;

/// <summary>What a virtual slot allows its card.</summary>
public sealed record VpcdSlotOptions
{
    /// <summary>Default "Tessera virtual slot".</summary>
    public string Name { get; init; } = "Tessera virtual slot";

    /// <summary>For one answer of the card. Default 30 s.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>The reader's side of vpcd: a card that connects is inserted, a connection that ends is a removal.</summary>
/// <remarks>It holds one card; a second one that connects meanwhile is inserted when the first is gone.</remarks>
public sealed class VpcdSlot : ICardReader
{
    private readonly VpcdSlotOptions _options;
    private readonly Socket _listener;
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _accepting;
    private TaskCompletionSource<VpcdInsertion> _inserted = NoCard();

    private VpcdSlot(Socket listener, VpcdSlotOptions options)
    {
        (_listener, _options) = (listener, options);
        _accepting = AcceptAsync(_closing.Token);
    }

    public string Name => _options.Name;

    /// <summary>Where cards connect to.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    /// <param name="endPoint">Port 0 takes a free one. Nobody is authenticated: keep to a loopback address.</param>
    /// <exception cref="SocketException">The port is taken.</exception>
    public static VpcdSlot Listen(IPEndPoint endPoint, VpcdSlotOptions? options = null)
    {
        var listener = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(endPoint);
            listener.Listen();
            return new VpcdSlot(listener, options ?? new VpcdSlotOptions());
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    /// <summary>Powers the card that is in, waiting for one as long as it takes.</summary>
    /// <exception cref="InvalidOperationException">The card that is in is held by somebody.</exception>
    /// <inheritdoc/>
    public async Task<ICard> InsertedAsync(CancellationToken cancel)
    {
        while (true)
        {
            var insertion = await Volatile.Read(ref _inserted).Task.WaitAsync(cancel);
            if (!insertion.TryHold()) throw new InvalidOperationException("The card is in use.");
            try
            {
                return await VpcdSlotCard.PowerAsync(insertion, cancel);
            }
            catch (Exception e) when (e is ConnectionLostException or TimeoutException)
            {
                // Pulled, or mute: it is gone, the next one may do.
                await insertion.Removed.WaitAsync(cancel);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_closing.IsCancellationRequested) return;
        await _closing.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _closing.Dispose();
    }

    private async Task AcceptAsync(CancellationToken closing)
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptAsync(closing);
                var insertion = new VpcdInsertion(new VpcdConnection(socket), _options);
                _inserted.TrySetResult(insertion);
                await insertion.ReceiveAsync(closing);
                Volatile.Write(ref _inserted, NoCard());
                insertion.End();
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            _inserted.TrySetException(new ConnectionLostException("The reader was closed.", e));
        }
    }

    private static TaskCompletionSource<VpcdInsertion> NoCard() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
