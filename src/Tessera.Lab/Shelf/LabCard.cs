using System.Net;
using Tessera.Cards;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Os;
using Tessera.VirtualCard.Vpcd;

namespace Tessera.Lab.Shelf;

/// <summary>One card of the lab: an image on the shelf, a running card while it is in a slot.</summary>
/// <param name="name">How the lab calls it.</param>
/// <param name="title">How people call it.</param>
/// <param name="path">Its image, which is there.</param>
internal sealed class LabCard(string name, string title, string path) : IAsyncDisposable
{
    private Stay? _stay;

    public string Name => name;

    public string Title => title;

    public CardId Id { get; } = ReadId(path);

    /// <summary>The terminal it answers in; null on the table, and where its power was cut.</summary>
    public string? Place => _stay is { Running.IsCompleted: false } stay ? stay.Place : null;

    /// <summary>Completes when it answers no more where it is.</summary>
    public Task Out => _stay?.Running ?? Task.CompletedTask;

    /// <summary>Writes to its memory since it was put into its slot.</summary>
    public int Writes => _stay?.Medium.Writes ?? 0;

    /// <summary>Puts the card into a slot; it stays until it is pulled or its power is cut.</summary>
    public void Insert(string place, EndPoint slot)
    {
        if (_stay is not null) throw new InvalidOperationException($"{name} was not pulled out of {_stay.Place}.");
        var medium = new CuttableMedium(FileMedium.Open(path));
        var card = CardImage.Open(medium);
        var pulled = new CancellationTokenSource();
        _stay = new Stay(place, medium, card, pulled, RunAsync(slot, card, pulled.Token));
    }

    /// <summary>Pulls the card out; nothing happens where it is in no slot.</summary>
    public async Task PullAsync()
    {
        if (_stay is not { } stay) return;
        _stay = null;
        await stay.Pulled.CancelAsync();
        try
        {
            await stay.Running;
        }
        finally
        {
            stay.Card.Dispose();
            stay.Pulled.Dispose();
        }
    }

    /// <summary>
    /// Cuts its power after some more writes, in the middle of one when <paramref name="octets"/> is above 0.
    /// </summary>
    public void CutPowerAfter(int writes, int octets)
    {
        if (_stay is not { Running.IsCompleted: false } stay)
            throw new InvalidOperationException($"The card '{name}' is in no terminal.");
        stay.Medium.CutAfter(writes, octets);
    }

    public async ValueTask DisposeAsync() => await PullAsync();

    /// <summary>Ends without failing: pulled, let go by the reader, or without power.</summary>
    private static async Task RunAsync(EndPoint slot, CardOs card, CancellationToken pulled)
    {
        try
        {
            await VpcdCard.RunAsync(slot, card, options: null, pulled);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // Pulled, let go by the reader, or without power: it lies there until somebody takes it.
        }
    }

    private static CardId ReadId(string path)
    {
        using var card = CardImage.Open(FileMedium.Open(path));
        return card.Id;
    }

    private sealed record Stay(
        string Place, CuttableMedium Medium, CardOs Card, CancellationTokenSource Pulled, Task Running);
}
