using System.Net;
using Tessera.Server.Hosting;
using Tessera.Toolkit.Links;
using Tessera.VirtualCard.Vpcd;
using Tessera.Wire;

namespace Tessera.Server.Links;

/// <summary>
/// Puts cards whose holders let programs here use them into virtual readers of this machine (docs/protocols/link.md §8).
/// What is said to them is nobody's to log.
/// </summary>
internal sealed class RelayReaders(ServerOptions options, ILogger<RelayReaders> log) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<IPEndPoint, Task> _taken = [];
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Puts a card into a reader that is free, or sends it back.</summary>
    public void Take(RelayedCard card)
    {
        lock (_gate)
        {
            var free = options.RelayReaders.FirstOrDefault(
                reader => !_taken.TryGetValue(reader, out var stay) || stay.IsCompleted);
            if (free is null) card.Return("No reader is free at the server.");
            else _taken[free] = ServeAsync(card, free);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        Task[] stays;
        lock (_gate) stays = [.. _taken.Values];
        await Task.WhenAll(stays);
        _stopping.Dispose();
    }

    private async Task ServeAsync(RelayedCard card, IPEndPoint reader)
    {
        // Whoever hands it over waits for nothing.
        await Task.Yield();
        log.LogInformation("Terminal {Terminal} relays its card to the reader at {Reader}", card.Terminal, reader);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(card.Ended, _stopping.Token);
        var reason = "The reader at the server went away.";
        try
        {
            await VpcdRelay.RunAsync(reader, card.Atr, card.TransmitAsync, ended.Token);
        }
        catch (Exception e) when (e is IOException or WireFormatException or TimeoutException or ArgumentException)
        {
            reason = e.Message;
        }
        catch (OperationCanceledException)
        {
            reason = "The relay was ended.";
        }

        card.Return(reason);
        log.LogInformation("The relay of terminal {Terminal} ended: {Reason}", card.Terminal, reason);
    }
}
