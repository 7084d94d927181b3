using System.Collections.Concurrent;
using Tessera.Platform.Sessions;
using Tessera.Platform.Views;
using Tessera.Toolkit.Links;
using Tessera.Wire;

namespace Tessera.Server.Signing;

/// <summary>Documents that wait at terminals for the next card to sign them, at most one at each.</summary>
public sealed class SigningDesk(SessionHost host)
{
    private const string Application = "desk";

    private readonly ConcurrentDictionary<Bytes, Waiting> _waiting = new();

    /// <summary>
    /// Waits until a card came and signed, or did not; cancelled, the document is withdrawn: it waits no longer, and what a
    /// holder agrees to who sees it just then is not filed.
    /// </summary>
    /// <returns>Null where another document waits there already.</returns>
    public async Task<SigningOutcome?> OrderAsync(Bytes terminal, View document, CancellationToken cancel)
    {
        var waiting = new Waiting(document);
        if (!_waiting.TryAdd(terminal, waiting)) return null;
        try
        {
            return await waiting.Done.Task.WaitAsync(cancel);
        }
        finally
        {
            await waiting.Withdrawn.CancelAsync();
            _waiting.TryRemove(KeyValuePair.Create(terminal, waiting));
        }
    }

    /// <summary>What waits at a terminal; null for nothing.</summary>
    public View? WaitingAt(Bytes terminal) => _waiting.GetValueOrDefault(terminal)?.Document;

    /// <summary>A card came into a terminal: it signs what waits there, if anything does.</summary>
    /// <returns>False where nothing waited.</returns>
    public async Task<bool> ServeAsync(ILink link, CancellationToken cancel)
    {
        if (!_waiting.TryRemove(link.Terminal, out var waiting)) return false;
        try
        {
            waiting.Done.SetResult(await host.SignAsync(
                link, Application, waiting.Document, expected: null, cancel, waiting.Withdrawn.Token));
        }
        catch (Exception e)
        {
            waiting.Done.SetException(e);
            throw;
        }

        return true;
    }

    private sealed record Waiting(View Document)
    {
        /// <summary>Nobody waits for the outcome any more.</summary>
        public CancellationTokenSource Withdrawn { get; } = new();

        public TaskCompletionSource<SigningOutcome> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
