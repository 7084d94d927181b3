using Tessera.Platform.Sessions;
using Tessera.Story.People;
using Tessera.Terminal.Displays;
using Entry = Tessera.Terminal.Displays.Entry;

namespace Tessera.Story.Lines;

/// <summary>A holder who wants what is shown, and takes no time over it: confirms, enters the PIN, listens.</summary>
/// <param name="listens">Waits until people hear each other.</param>
internal sealed class Payer(Func<CancellationToken, Task> listens) : IScreen, IPage
{
    /// <summary>How often the PIN was entered.</summary>
    public int Pins { get; private set; }

    public async Task<ScreenAnswer> AskAsync(ScreenRequest request, CancellationToken cancel)
    {
        // The finger is on the reader, and no key is pressed.
        if (request is TextShown { Text: var text } && text.Contains(", finger", StringComparison.Ordinal))
            await Task.Delay(Timeout.InfiniteTimeSpan, cancel);
        if (request is SecretAsked) Pins++;
        return request switch
        {
            SecretAsked => new Entry(Person.Pin),
            DecisionAsked => new Decided(Yes: true),
            TextShown => new Acknowledged(),
            _ => new Terminal.Displays.Cancelled(),
        };
    }

    public void Idle(IdleState state)
    {
        // Nothing is asked.
    }

    /// <summary>By voice, so not before there is voice.</summary>
    public async Task<PageAnswer> PresentAsync(PageRequest request, CancellationToken cancel)
    {
        await listens(cancel);
        return request is NotePage ? new Continued() : new Platform.Sessions.Cancelled();
    }

    public ValueTask TellAsync(PageStatus status, CancellationToken cancel) => ValueTask.CompletedTask;
}
